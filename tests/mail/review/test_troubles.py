"""What could not be read of a mail is said in the reader's language."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.models import User
from cases.models import Case
from mail.reading.mail import Trouble
from mail.store.models import MailMessage
from mail.store.troubles import SAID, said
from tests.mail.mails import deliver, letter
from tests.people import reading_english, signed_in


@pytest.mark.parametrize(
    ("kept", "english", "chinese"),
    [
        (
            "broken: scan.p7m (ValueError)",
            "Could not be read, broken: scan.p7m",
            "无法读取，已损坏：scan.p7m",
        ),
        ("broken: plan (Final)", "Could not be read, broken: plan (Final)", "无法读取，已损坏：plan (Final)"),
        (
            "encrypted: smime.p7m",
            "Could not be read, encrypted: smime.p7m",
            "无法读取，已加密：smime.p7m",
        ),
        ("encrypted", "Could not be read, encrypted", "无法读取，已加密"),
        (
            "kept elsewhere: big.zip",
            "Did not come with it, kept elsewhere: big.zip",
            "未随邮件送达，存放在别处：big.zip",
        ),
        ("cut: text/plain", "Read in part, too long: text/plain", "内容过长，只读取了一部分：text/plain"),
        (
            "one part of a mail that was sent in several: 1 / 3",
            "One piece of a mail that was sent in several: 1 / 3",
            "这是拆成几封发送的邮件中的一封：1 / 3",
        ),
        ("too many parts", "Not all of it was read, too many parts", "组成部分过多，未全部读取"),
        (
            "too costly",
            "Only header and plain text were read, the rest is kept as files: it would have taken too long",
            "全部解析耗时过长，只读取了邮件头和纯文本，其余作为附件保留",
        ),
    ],
)
def test_each_kind_has_its_sentence(kept: str, english: str, chinese: str) -> None:
    with override("en"):
        assert said(kept) == [english]
    with override("zh-hans"):
        assert said(kept) == [chinese]


def test_no_kind_is_without_a_sentence() -> None:
    assert set(SAID) == set(Trouble)


def test_of_several_each_is_said_whatever_their_names_hold() -> None:
    with override("en"):
        assert said("encrypted: a; b.p7m; too costly; cut: broken; x") == [
            "Could not be read, encrypted: a; b.p7m",
            "Only header and plain text were read, the rest is kept as files: it would have taken too long",
            "Read in part, too long: broken; x",
        ]
        assert said("") == []


def test_entry_and_mail_say_it_to_both_sides(case: Case, alice: User, jia: User) -> None:
    message = letter(case)
    message.add_attachment(b"0junk", maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    mail = deliver(message)
    MailMessage.objects.filter(pk=mail.pk).update(detail="encrypted: smime.p7m; broken: scan (KeyError)")
    address = case.get_absolute_url()
    for person in (alice, jia):
        page = signed_in(person).get(address).content.decode()
        assert "无法读取，已加密：smime.p7m；无法读取，已损坏：scan" in page
        assert "KeyError" not in page and "encrypted" not in page
        page = reading_english(person).get(address).content.decode()
        assert "Could not be read, encrypted: smime.p7m; Could not be read, broken: scan" in page
    User.objects.filter(pk=jia.pk).update(language="zh-hans")
    page = signed_in(jia).get(reverse("mail", args=[mail.pk])).content.decode()
    assert "无法读取，已损坏：smime.p7m" in page and "ValueError" not in page
