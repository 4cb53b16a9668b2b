"""What a mail that came back says of whom it did not reach."""

import time
from email import message_from_string
from email.message import Message

import pytest

from mail.reading.bounces import MAX_RECIPIENTS, FailedRecipient, bounced

OURS = "<cas-03282-j6y6m6.0a0a@vendor.example>"


def report(blocks: str, returned: str = f"Message-ID: {OURS}\nTo: li@plant.example\n\nHello") -> Message:
    return message_from_string(
        "From: MAILER-DAEMON@plant.example\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\n\nIt did not arrive.\n"
        f"--b\nContent-Type: message/delivery-status\n\n{blocks}\n"
        f"--b\nContent-Type: message/rfc822\n\n{returned}\n--b--\n"
    )


def test_a_report_names_each_recipient_with_the_servers_words() -> None:
    blocks = (
        "Reporting-MTA: dns; mx.plant.example\n\n"
        "Original-Recipient: rfc822;Li@plant.example\nFinal-Recipient: rfc822; li.si@mail.plant.example\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User\n  unknown\n\n"
        "Final-Recipient: RFC822; <wang@plant.example>\nAction: Delayed (still trying)\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; zhao@plant.example\nDiagnostic-Code: smtp; 552 5.2.2 full\n\n"
        "Final-Recipient: rfc822; qian@plant.example\nAction: delivered\nStatus: 2.0.0\n\n"
        "Final-Recipient: x400; nobody\nAction: failed\n"
    )
    assert bounced(report(blocks)) == [
        FailedRecipient("li@plant.example", "5.1.1", "failed", "550 5.1.1 User unknown", OURS),
        FailedRecipient("wang@plant.example", "4.4.1", "delayed", "", OURS),
        FailedRecipient("zhao@plant.example", "5.2.2", "failed", "552 5.2.2 full", OURS),
        FailedRecipient("qian@plant.example", "2.0.0", "delivered", "", OURS),
    ]


def test_a_report_that_was_encoded_as_a_whole_is_read() -> None:
    message = message_from_string(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
        "--b\nContent-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n"
        "UmVwb3J0aW5nLU1UQTogZG5zOyBtCgpGaW5hbC1SZWNpcGllbnQ6IHJmYzgyMjsgbGlAcGxhbnQuZXhhbXBsZQpBY3Rpb246IGZhaWxlZAo=\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nSubject: x\nMessage-Id: {OURS}\n--b--\n"
    )
    assert bounced(message) == [FailedRecipient("li@plant.example", "", "failed", "", OURS)]


@pytest.mark.parametrize(
    ("text", "address", "status", "words"),
    [
        (
            "很抱歉，您的邮件被退回来了。\n收件人: li@plant.example\n退信原因: 收件人邮箱不存在 550 5.1.1\n",
            "li@plant.example",
            "5.1.1",
            "收件人邮箱不存在 550 5.1.1",
        ),
        (
            "您发送的邮件无法投递到 <Li@plant.example>。\n失败原因：邮箱已满\n",
            "li@plant.example",
            "",
            "邮箱已满",
        ),
        (
            "Hi. This is the qmail-send program at plant.example.\n\n<li@plant.example>:\n"
            "550 5.7.1 refused\n",
            "li@plant.example",
            "5.7.1",
            "550 5.7.1 refused",
        ),
        (
            "There was an error delivering your mail to <li@plant.example>.\n\n"
            "mx.plant.example did not like our RCPT TO:\n550 5.1.1 User unknown\n\n"
            "Original message follows.\n\nTo: other@plant.example\n",
            "li@plant.example",
            "5.1.1",
            "550 5.1.1 User unknown",
        ),
        (
            "The following could not be delivered:\n-- li@plant.example\n\nThe problem:\n-- 5.4.1 denied\n\n"
            "Ask mail-admin@vendor.example for help.\n",
            "li@plant.example",
            "5.4.1",
            "",
        ),
        (
            "Error: Invalid user\n550 - no such user here\n\n  MAIL FROM: support@vendor.example\n"
            "  RCPT TO: li@plant.example\n  From: support@vendor.example\n",
            "li@plant.example",
            "",
            "550 - no such user here",
        ),
        (
            "Technical report:\n\nAction: failed\nFinal-Recipient: rfc822; li@plant.example\n"
            "Status: 5.2.1\nDiagnostic-Code: smtp; 550 5.2.1 disabled\n\nregards, wang@plant.example",
            "li@plant.example",
            "5.2.1",
            "550 5.2.1 disabled",
        ),
        (
            f"Your mail was not delivered.\n\n-- headers --\nTo: Li <li@plant.example>\nMessage-ID: {OURS}\n",
            "li@plant.example",
            "",
            "",
        ),
    ],
)
def test_servers_that_write_no_report_are_understood(
    text: str, address: str, status: str, words: str
) -> None:
    message = message_from_string(
        "From: MAILER-DAEMON@plant.example\nTo: support@vendor.example\nSubject: failure notice\n"
        f"In-Reply-To: {OURS}\n\n{text}"
    )
    assert bounced(message, text) == [FailedRecipient(address, status, "failed", words, OURS)]


def test_each_recipient_has_the_servers_words_about_her() -> None:
    text = (
        'The following address failed:\n\n"li@plant.example":\nhost: mx.plant.example\n5.2.1 disabled\n'
        '"wang@plant.example":\nhost: mx.plant.example\n552 5.2.2 Mailbox full\n\n'
        f"--- The header of the original message ---\nMessage-ID: {OURS}\nTo: zhao@plant.example\n"
    )
    message = message_from_string(f"From: MAILER-DAEMON@plant.example\nSubject: failure notice\n\n{text}")
    message["X-Failed-Recipients"] = "li@plant.example, wang@plant.example"
    assert bounced(message, text) == [
        FailedRecipient("li@plant.example", "5.2.1", "failed", "552 5.2.2 Mailbox full", OURS),
        FailedRecipient("wang@plant.example", "5.2.2", "failed", "552 5.2.2 Mailbox full", OURS),
    ]


def test_a_status_that_says_nothing_gives_way_to_the_servers_words() -> None:
    blocks = (
        "Reporting-MTA: dns; mx.plant.example\n\n\n"
        "Final-Recipient: rfc822; li@plant.example\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 550 5.7.26 not signed\n\n\n"
        "Final-Recipient: rfc822; wang@plant.example\nAction: failed\nStatus: 5.0.0\n\n"
        "Final-Recipient: rfc822; zhao@plant.example\nAction: deliverable\nStatus: 2.1.5\n"
    )
    text = "wang@plant.example: 550 5.1.1 User unknown\nzhao@plant.example: 250 2.1.5 Ok\n"
    assert bounced(report(blocks), text) == [
        FailedRecipient("li@plant.example", "5.7.26", "failed", "550 5.7.26 not signed", OURS),
        FailedRecipient(
            "wang@plant.example", "5.1.1", "failed", "wang@plant.example: 550 5.1.1 User unknown", OURS
        ),
        FailedRecipient("zhao@plant.example", "2.1.5", "delivered", "", OURS),
    ]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (
            "This is a warning message only. We will keep trying.\n\nli@plant.example: 451 4.3.0 busy\n",
            "delayed",
        ),
        ("您的邮件暂时未能送达，系统将继续尝试投递。\n收件人：li@plant.example\n", "delayed"),
        ("您的邮件暂时投递失败，将继续尝试。\n收件人：li@plant.example\n", "delayed"),
        ("系统将继续尝试投递。如果最终失败，将退回您的邮件。\n收件人：li@plant.example\n", "delayed"),
        ("系统曾继续尝试，将不再重试，投递失败。\n收件人：li@plant.example\n", "failed"),
        ("Delivery to li@plant.example failed temporarily. The server will try again.", "delayed"),
        ("Delivery to li@plant.example is delayed; you are told if it fails permanently.", "delayed"),
        ("Delivery to li@plant.example is delayed no more: it failed permanently.", "failed"),
        ("We are still trying no more: giving up.\n\nli@plant.example: 451 4.3.0 busy\n", "failed"),
        ("投递失败，请稍后重试。\n收件人：li@plant.example\n", "failed"),
    ],
)
def test_who_still_tries_has_not_failed(text: str, action: str) -> None:
    message = message_from_string(f"From: MAILER-DAEMON@plant.example\nSubject: Mail delivery\n\n{text}")
    assert [(one.address, one.action) for one in bounced(message, text)] == [("li@plant.example", action)]


def test_failed_recipients_in_the_header_are_taken() -> None:
    message = message_from_string("X-Failed-Recipients: a@plant.example, b@plant.example\n\nIt failed.")
    assert [failed.address for failed in bounced(message)] == ["a@plant.example", "b@plant.example"]


def test_what_names_nobody_is_empty() -> None:
    assert bounced(message_from_string("Subject: failure notice\n\nSorry."), "Sorry.") == []
    assert bounced(message_from_string("From: \nSubject: failure notice\n\nSorry."), "Sorry.") == []


def test_a_report_made_for_it_is_read_up_to_its_limits() -> None:
    started = time.process_time()
    block = "Final-Recipient: rfc822; p{}@plant.example\nAction: failed\n\n"
    assert len(bounced(report("".join(block.format(count) for count in range(5000))))) == MAX_RECIPIENTS
    for piece in ("<a@b.example>:\n", "收件人", "To: ", "Message-ID: <", "550 ", "5.1.", "原因:", "address "):
        text = piece * (2**21 // len(piece))
        bounced(message_from_string(f"From: MAILER-DAEMON@plant.example\n\n{text}"), text)
    assert time.process_time() - started < 45
