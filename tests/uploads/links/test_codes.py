"""An upload link that asks for a mailed code: who has none does not get in, and guessing is slow."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db.models import F

from accounts.models import User
from cases.models import Case
from tests.uploads.links.holder import ASKED, Holder, made
from uploads.links import services as links
from uploads.links.models import UploadLink

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_was_counted(settings: Any) -> None:
    cache.clear()
    settings.VENDOR_NAME = "Example Support"


def test_a_link_with_a_code_opens_only_with_the_mailed_code(case: Case, jia: User) -> None:
    _, secret = made(case, jia, mail="site@customer.example")
    holder = Holder(secret)
    closed = holder.page().content.decode()
    assert ASKED not in closed and "data-drop" not in closed and "s…@customer.example" in closed
    assert holder.agree().status_code == 403
    assert holder.create(10).status_code == 403
    holder.client.post(f"/uploads/link/{secret}/code")
    code = re.search(r"\d{8}", str(mail.outbox[0].body))
    assert code is not None and mail.outbox[0].to == ["site@customer.example"]
    assert holder.client.post(f"/uploads/link/{secret}/code", {"code": "00000000"}).status_code == 400
    assert holder.client.post(f"/uploads/link/{secret}/code", {"code": code[0]}).status_code == 302
    assert ASKED in holder.page().content.decode()
    holder.agree()
    assert holder.create(10).status_code == 201
    # Another browser has to show a code of its own, and the old one does not serve twice.
    other = Holder(secret)
    assert other.create(10).status_code == 403
    assert other.client.post(f"/uploads/link/{secret}/code", {"code": code[0]}).status_code == 400
    assert code[0] not in str(UploadLink.objects.values())


def test_the_code_is_mailed_in_its_readers_language(case: Case, jia: User, bob: User) -> None:
    """The browser's is English here, Bob's Chinese; whoever has no account gets the browser's."""
    for address in (bob.email, "site@customer.example"):
        _, secret = made(case, jia, mail=address)
        Holder(secret).client.post(f"/uploads/link/{secret}/code")
    his, sites = mail.outbox
    assert (his.subject, sites.subject) == ("您的上传验证码", "Your code for uploading")
    assert str(his.body).startswith("您好") and str(sites.body).startswith("Hello,\n\nThe code for")


def test_five_wrong_codes_end_a_code(case: Case, jia: User) -> None:
    _, secret = made(case, jia, mail="site@customer.example")
    holder = Holder(secret)
    holder.client.post(f"/uploads/link/{secret}/code")
    code = re.search(r"\d{8}", str(mail.outbox[0].body))
    assert code is not None
    for _ in range(links.MAX_CODE_TRIES):
        assert holder.client.post(f"/uploads/link/{secret}/code", {"code": "1"}).status_code == 400
    assert holder.client.post(f"/uploads/link/{secret}/code", {"code": code[0]}).status_code == 400


@pytest.mark.parametrize(("minutes", "status"), [(19, 302), (20, 400), (60, 400)])
def test_a_code_opens_the_page_for_twenty_minutes(case: Case, jia: User, minutes: int, status: int) -> None:
    _, secret = made(case, jia, mail="site@customer.example")
    holder = Holder(secret)
    holder.client.post(f"/uploads/link/{secret}/code")
    body = str(mail.outbox[0].body)
    code = re.search(r"\d{8}", body)
    assert code is not None and "for 20 minutes" in body
    UploadLink.objects.update(code_until=F("code_until") - timedelta(minutes=minutes))
    assert holder.client.post(f"/uploads/link/{secret}/code", {"code": code[0]}).status_code == status
    assert (ASKED in holder.page().content.decode()) is (status == 302)


def test_codes_are_not_mailed_without_end(case: Case, jia: User) -> None:
    _, secret = made(case, jia, mail="site@customer.example")
    holder = Holder(secret)
    answers = [holder.client.post(f"/uploads/link/{secret}/code").status_code for _ in range(6)]
    assert answers == [302] * 4 + [429] * 2
    assert len(mail.outbox) == 4


def test_guessing_addresses_is_slowed_down(case: Case) -> None:
    holder = Holder("x" * 43)
    answers = [holder.page().status_code for _ in range(32)]
    assert answers == [404] * 30 + [429] * 2
