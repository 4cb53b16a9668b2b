"""The same mail again, and a worker that is killed: each mail and each file once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from accounts.models import User
from cases.models import Case, MessageKind
from jobs.models import JobState
from mail.inbound import attachments, placing
from mail.inbound.models import Reading
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason
from tests.mail.mails import attach, bodies, deliver, letter, outgoing, read_all, staged
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree


def test_the_same_mail_again_changes_nothing(case: Case, alice: User) -> None:
    message = attach(attach(letter(case)), b"", "empty.log")
    for _ in range(2):
        assert deliver(message).state == MailState.TAKEN
    agree(alice, case)
    by_another_way = b"Received: from elsewhere.example\n" + bytes(message)
    other = deliver(by_another_way)
    assert (other.state, other.reason) == (MailState.SET_ASIDE, Reason.AGAIN)
    assert len(bodies(case)) == len(bodies(case, MessageKind.SYSTEM)) == len(outgoing()) == 1
    assert not Bundle.objects.exists()


def test_a_message_id_that_is_used_twice_for_two_texts_loses_neither(case: Case) -> None:
    second = letter(case)
    second.set_content("And another thing.\n")
    assert deliver(letter(case)).state == deliver(second).state == MailState.TAKEN
    assert bodies(case) == ["Here are the logs.", "And another thing."]


def test_a_mail_without_an_id_is_known_by_its_bytes(case: Case) -> None:
    message = letter(case)
    del message["Message-ID"]
    assert deliver(message) == deliver(message)
    assert len(bodies(case)) == 1


def test_two_mails_without_an_id_that_say_the_same_are_two(case: Case) -> None:
    for fields in (
        {"Date": "Fri, 27 Nov 2020 10:18:22 +0800"},
        {"Date": "Sat, 28 Nov 2020 10:18:22 +0800"},
        {"Date": "Sat, 28 Nov 2020 10:18:22 +0800", "Subject": f"Re: [{case.number}] again"},
    ):
        message = letter(case, **fields)
        del message["Message-ID"]
        assert deliver(message).state == MailState.TAKEN
        again = deliver(b"Received: from elsewhere.example\n" + bytes(message))
        assert (again.state, again.reason) == (MailState.SET_ASIDE, Reason.AGAIN)
    assert len(bodies(case)) == 3


def test_a_mail_of_an_earlier_version_is_known_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key had neither Date nor subject in it."""
    message = letter(case, Date="Fri, 27 Nov 2020 10:18:22 +0800")
    del message["Message-ID"]
    with monkeypatch.context() as former:
        former.setattr(placing, "content_key", lambda address, content: placing._key(address, content, ""))
        deliver(message)
    assert deliver(b"Received: from elsewhere.example\n" + bytes(message)).reason == Reason.AGAIN
    message.replace_header("Date", "Sat, 28 Nov 2020 10:18:22 +0800")
    assert deliver(message).state == MailState.TAKEN


@pytest.mark.parametrize(
    ("room", "step"),
    [
        (placing, "post_message"),
        (attachments, "begin_upload"),
        (attachments, "append"),
        (attachments, "finish"),
    ],
)
def test_a_crash_between_any_two_steps_doubles_nothing(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch, room: Any, step: str
) -> None:
    agree(alice, case)
    message = attach(attach(letter(case)), b"another", "second.log")
    act: Callable[..., object] = getattr(room, step)
    calls = 0

    def crash(*args: Any, **facts: Any) -> object:
        nonlocal calls
        calls += 1
        done = act(*args, **facts)
        if calls == 1:
            raise OperationalError("the server was stopped")
        return done

    monkeypatch.setattr(room, step, crash)
    deliver(message)
    assert Reading.objects.get().state == JobState.QUEUED, "it is tried again"
    read_all()
    assert Reading.objects.get().state == JobState.DONE
    assert len(bodies(case)) == 1
    assert [(bundle.name, bundle.size) for bundle in Bundle.objects.all()] == [
        ("system.log", 5),
        ("second.log", 7),
    ]
    assert staged("second.log") == b"another"
    assert MailMessage.objects.get().done_at
