"""Canned replies: kept by the vendor in both languages, filled for the case in the contact's language."""

from typing import Any

import pytest

from accounts.errors import NotAllowed
from accounts.models import User
from cases.canned_replies import services as canned_replies
from cases.canned_replies.errors import NameTaken, TextMissing, UnknownVariable
from cases.canned_replies.models import CannedReply
from cases.models import Case
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

ZH = "{customer}您好：请把日志上传到 {upload} 。{engineer}"
EN = "Dear {customer},\nabout “{title}” ({number}, {product}): please upload to {upload}\n{engineer}"


@pytest.fixture
def reply(jia: User) -> CannedReply:
    return canned_replies.save(None, name="Logs", text_zh=ZH, text_en=EN, by=jia)


def test_it_is_filled_in_the_language_of_the_contact(
    case: Case, reply: CannedReply, jia: User, settings: Any
) -> None:
    settings.PORTAL_URL = "https://portal.example"
    address = f"https://portal.example/cases/{case.number}/#upload"
    assert canned_replies.filled(reply, case, jia) == f"Alice您好：请把日志上传到 {address} 。Jia"
    case.contact.language = "en"
    # What the customer wrote is no variable.
    case.title, case.product = "{engineer} {number}", ""
    assert canned_replies.filled(reply, case, jia) == (
        f"Dear Alice,\nabout “{{engineer}} {{number}}” ({case.number}, ): please upload to {address}\nJia"
    )


def test_an_unknown_variable_is_refused_and_braces_are_text(jia: User) -> None:
    with pytest.raises(UnknownVariable) as refused:
        canned_replies.save(None, name="x", text_zh="{客户}您好", text_en="Dear {costumer}", by=jia)
    assert "{客户}, {costumer}" in str(refused.value) and "{customer}" in str(refused.value)
    text = r"HKCR\CLSID\{4D36E97D-E325-11CE-BFC1-08002BE10318} {} { number }"
    kept = canned_replies.save(None, name="x", text_zh=text, text_en=text, by=jia)
    assert canned_replies.with_values(kept.text_en, {"number": "1"}) == text


def test_both_texts_are_needed_and_names_are_taken_once(reply: CannedReply, jia: User, alice: User) -> None:
    for missing in ("name", "text_zh", "text_en"):
        texts = {"name": "x", "text_zh": "x", "text_en": "x"} | {missing: " "}
        with pytest.raises(TextMissing):
            canned_replies.save(None, **texts, by=jia)
    with pytest.raises(NameTaken):
        canned_replies.save(None, name="Logs", text_zh="x", text_en="x", by=jia)
    with pytest.raises(NotAllowed):
        canned_replies.save(None, name="y", text_zh="x", text_en="x", by=alice)
    with pytest.raises(NotAllowed):
        canned_replies.delete(reply, by=alice)


def test_the_pages_write_preview_and_take_away(reply: CannedReply, jia: User, max_: User) -> None:
    browser = reading_english(max_)
    form = {"name": "Thanks", "text_zh": "谢谢{customer}", "text_en": "Thanks, {customer}"}
    preview = browser.post("/canned-replies/new/", form | {"preview": "1"}).content.decode()
    assert "Thanks, Customer A" in preview and CannedReply.objects.count() == 1
    wrong = browser.post("/canned-replies/new/", form | {"text_en": "{x}", "preview": "1"})
    assert wrong.status_code == 400 and "Nothing stands for {x}" in wrong.content.decode()
    browser.post("/canned-replies/new/", form)
    browser.post(f"/canned-replies/{reply.pk}/", form | {"name": "Logs, please"})
    listed = browser.get("/canned-replies/").content.decode()
    assert "Thanks" in listed and "Logs, please" in listed
    browser.post(f"/canned-replies/{reply.pk}/delete/")
    assert [kept.name for kept in CannedReply.objects.all()] == ["Thanks"]


def test_the_engineer_chooses_one_in_the_case_and_the_customer_sees_none(
    case: Case, reply: CannedReply, jia: User, alice: User
) -> None:
    page = signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert "Alice您好" in page and ">Logs</a>" in page
    filled = signed_in(jia).get(f"{case.get_absolute_url()}?canned={reply.pk}").content.decode()
    assert f">{canned_replies.filled(reply, case, jia)}</textarea>" in filled
    for who, query in ((alice, f"?canned={reply.pk}"), (jia, "?canned=x"), (jia, f"?canned={'9' * 400}")):
        answer = signed_in(who).get(case.get_absolute_url() + query)
        assert answer.status_code == 200
        assert who == jia or "Alice您好" not in answer.content.decode()
