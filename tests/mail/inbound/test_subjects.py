"""What a customer writes into the subject of her mail is read on the case."""

from django.utils.html import escape

from accounts.models import User
from cases.models import Case
from mail.store.models import Direction, MailMessage
from mail.store.subjects import own_subject
from tests.mail.mails import bodies, deliver, letter
from tests.people import reading_english


def ours(case: Case, subject: str) -> str:
    """A mail of ours with this subject was sent."""
    MailMessage.objects.create(
        direction=Direction.OUT, state="sent", case=case, subject=subject, created_at=case.created_at
    )
    return subject


def test_a_subject_of_her_own_stands_on_the_entry_for_everybody(case: Case, alice: User, jia: User) -> None:
    subject = f"Re: [{case.number}] 蓝屏代码是0x7B请看"
    assert deliver(letter(case, Subject=subject)).entry is not None
    for reader in (alice, jia):
        page = reading_english(reader).get(case.get_absolute_url()).content.decode()
        assert f"Subject: {escape(subject)}" in page


def test_a_subject_of_ours_or_the_title_is_not_repeated(case: Case, alice: User) -> None:
    answered = ours(case, f"[案例号: {case.number}] % {case.title} % 初始响应 CMIT:0000001")
    deliver(letter(case, Subject=f"回复：{answered}"))
    deliver(
        letter(case, Subject=f"RE: {case.title}", Message_ID="<2@e.example>", In_Reply_To="<none@e.example>")
    )
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "Subject: " not in page


def test_a_word_that_ends_like_a_prefix_is_none() -> None:
    known = {"lustmountfails"}
    assert own_subject("Lustre: mount fails", known) == "Lustre: mount fails"
    answered = (
        "Re: Lust mount fails",
        "AW: Re[2]: FWD：Lust mount fails",
        "轉寄: 回覆（3）: Lust mount fails",
    )
    assert [own_subject(subject, known) for subject in answered] == ["", "", ""]


def test_above_a_signature_alone_the_subject_is_the_text(case: Case) -> None:
    message = letter(case, Subject=f"Re: [{case.number}] 蓝屏代码是0x7B请看")
    message.set_content("发自我的iPhone\n")
    deliver(message)
    assert bodies(case) == [f"Re: [{case.number}] 蓝屏代码是0x7B请看\n\n发自我的iPhone"]
    answered = ours(case, f"[案例号: {case.number}] % {case.title} % 初始响应 CMIT:0000001")
    plain = letter(case, Subject=f"Re: {answered}", Message_ID="<2@e.example>")
    plain.set_content("发自我的iPhone\n")
    deliver(plain)
    assert bodies(case)[1] == "发自我的iPhone"
