"""The pages that import an old thread: choose, see, confirm; and what the thread shows of it then."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from cases.models import Case, Message
from mail.imports import services
from mail.imports.models import ThreadImport
from tests.mail.imports.test_imports import CHAIN, ELEVEN, storage
from tests.people import reading_english

__all__ = ["storage"]

pytestmark = pytest.mark.django_db


def words(answer: Any) -> str:
    """What stands on the page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_an_engineer_sees_what_will_become_of_each_mail_and_confirms(
    case: Case, alice: User, jia: User
) -> None:
    browser = reading_english(jia)
    address = f"/mail/cases/{case.number}/import/"
    assert address in browser.get(case.get_absolute_url()).content.decode()
    answer = browser.post(address, {"file": SimpleUploadedFile("chain.txt", CHAIN)})
    thread = ThreadImport.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/mail/imports/{thread.pk}/"
    seen = words(browser.get(answer["Location"]))
    assert "6 mails, the oldest first" in seen and "6 mails are new" in seen
    assert "Engineer A Mail sent" in seen and "客户甲 Direction unknown" in seen
    assert "Time unknown Known by the mail address in its text. It stands beside its neighbour" in seen
    assert "Whose are these?" in seen and not Message.objects.filter(imported__isnull=False).exists()
    names = re.findall(r'name="(side-\d)"', browser.get(answer["Location"]).content.decode())
    assert names == ["side-0"], "the engineer's domain is known"
    page = browser.get(answer["Location"]).content.decode()
    assert page.count("It is not known whether a customer took part.") == 6
    choices = re.findall(r'name="(readers-[0-9a-f]+)"', page)
    fields = dict.fromkeys(choices, "internal") | {"side-0": "customer", "seen": "iiiiii"}
    once_more = browser.post(answer["Location"], fields)
    assert "other mails are proposed" in words(once_more)
    (proposed,) = re.findall(r'name="seen" value="(\w+)"', once_more.content.decode())
    assert proposed == "eeeeee", "the last one greets her whom the others greet"
    fields = dict.fromkeys(choices, "everybody") | {choices[0]: "nobody", choices[1]: "internal"}
    fields |= {"side-0": "customer", "seen": proposed}
    seen = words(browser.post(answer["Location"], fields | {"look": "1"}))
    assert "Left out" in seen and not Message.objects.filter(imported__isnull=False).exists()
    answer = browser.post(answer["Location"], fields, follow=True)
    seen = words(answer)
    assert "5 mails imported. 1 of them is internal. 1 was left out." in seen and "Time unknown" in seen
    assert "Imported · sent by cu@client.example" in seen
    assert "Imported · sent by eng@vendor.example · by the mail address in its text" in seen
    hers = words(reading_english(alice).get(case.get_absolute_url()))
    assert "客户甲 Mail received" in hers
    seen = words(browser.get(f"/mail/imports/{thread.pk}/"))
    assert "1 mail is new" in seen and "5 are in the thread already." in seen


def test_a_subject_is_read_where_it_says_something_new(case: Case, alice: User, jia: User) -> None:
    browser = reading_english(jia)
    address = f"/mail/cases/{case.number}/import/"
    about = "[案例号: CAS-00452-QWERTZ{}] % 造纸二厂复卷机工作站每周一{}打不开标签软件 % {} CMIT:0000452"
    shown = [
        f"Subject: {about.format(' ', '', '首次响应')}",
        f"Subject: RE: 回复: RE: 回复: RE: {about.format('', ' ', '检查结果')}",
    ]
    answer = browser.post(address, {"text": ELEVEN.decode()}, follow=True)
    page = answer.content.decode()
    assert re.findall(r">(Subject: [^<]+)<", page) == shown, "each once, however it was answered"
    fields = dict.fromkeys(re.findall(r'name="(readers-[0-9a-f]+)"', page), "everybody")
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    answer = browser.post(answer.redirect_chain[-1][0], fields | {"side-0": "", "seen": seen}, follow=True)
    for reader in (jia, alice):
        thread = reading_english(reader).get(case.get_absolute_url()).content.decode()
        assert re.findall(r">(Subject: [^<]+)<", thread) == shown[::-1], "the newest is on top"


def test_the_cases_own_subject_is_not_repeated_and_that_of_an_internal_mail_is_internal(
    case: Case, alice: User, jia: User
) -> None:
    head = "From: {}\nTo: {}\nSent: Friday, November 27, 2020 {}\nSubject: {}\n\n{}\n\n"
    text = "Thanks.\n\n" + "".join(
        (
            head.format(
                "Jia <jia@vendor.example>", "alice@customer.example", "5:00 PM", "Fwd: 内部", "Done."
            ),
            head.format("Jia <jia@vendor.example>", "yi@vendor.example", "4:00 PM", "内部", "Is she right?"),
            head.format("Alice <alice@customer.example>", "jia@vendor.example", "3:00 PM", case.title, "Hm."),
        )
    )
    services.import_thread(services.look_at(case, name="a", content=text.encode(), by=jia), by=jia)
    for reader, shown in ((jia, ["内部"]), (alice, ["Fwd: 内部"])):
        thread = reading_english(reader).get(case.get_absolute_url()).content.decode()
        assert re.findall(r">Subject: ([^<]+)<", thread) == shown


def test_a_pasted_text_is_read_and_what_is_none_is_refused_with_a_sentence(case: Case, jia: User) -> None:
    browser = reading_english(jia)
    address = f"/mail/cases/{case.number}/import/"
    pasted = (
        "Solved.\r\n\r\nFrom: A <a@b.example>\r\nSent: 2020-11-27 10:18\r\nSubject: x\r\n\r\nIs it solved?"
    )
    answer = browser.post(address, {"text": pasted}, follow=True)
    assert "2 mails, the oldest first" in words(answer)
    empty = browser.post(address, {"text": " "})
    assert empty.status_code == 422 and "Choose a file, or paste the text." in words(empty)
    broken = SimpleUploadedFile("x.msg", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600)
    refused = browser.post(address, {"file": broken})
    assert refused.status_code == 422 and "This cannot be read." in words(refused)
