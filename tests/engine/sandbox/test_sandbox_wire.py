"""What a child that was taken over may answer: nothing but the values that its job declares."""

import errno
import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.artifacts import State
from engine.messages import reading
from engine.parsers import event_messages, manifest
from engine.parsers.captures import parser as captures
from engine.parsers.captures.captures import Capture
from engine.parsers.evtx import parser as evtx
from engine.parsers.evtx.log_facts import PartFacts
from engine.parsers.parser import Unparsable
from engine.parsers.pe import parser as pe
from engine.sandbox import jobs as sandbox_jobs
from engine.sandbox import wire
from engine.sandbox.sandbox import Allowance, OutOfTime, Sandbox, SandboxBroken, Stopped
from engine.sandbox.wire import JobFailed, NotAgreed, decode, encode, told_of
from engine.text import text
from engine.unpacking.archives.budget import DEFAULT_LIMITS
from engine.unpacking.unpack import SourceUnreadable
from tests.engine import misbehaviour as jobs

JOBS = (
    evtx.parse,
    captures.parse,
    pe.parse,
    manifest.parse,
    sandbox_jobs.comparison,
    sandbox_jobs.baselines,
    sandbox_jobs.unpacked,
    sandbox_jobs.second_readings,
    event_messages.parse,
    reading.library,
)


def pack(*message: Any) -> bytes:
    return msgspec.msgpack.encode(message)


def test_an_answer_arrives_as_the_type_that_the_job_declares() -> None:
    part = PartFacts(None, 3, [(1, 2**64 - 1)])
    captured = (State.PARTLY, text("甲", "a"), Capture("a", "utf-8"))

    assert decode(encode("returned", part), evtx.parse) == ("returned", part)
    assert decode(encode("returned", captured), captures.parse) == ("returned", captured)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xc1",
        pickle.dumps(("returned", 1)),
        pack("returned"),
        pack("executed", None),
        pack("returned", None),
        pack("returned", ("read", None, {"artifact": 7})),
        pack("returned", ("unheard of", None, {"artifact": "a"})),
        pack("returned", ("read", {"en": "a"}, {"artifact": "a"})),
        pack("returned", ("read", None, {"artifact": "a", "missing": [[1]]})),
        pack("returned", ("read", None, {"artifact": "a", "records": 1.5})),
        pack("told", "no number"),
        pack("raised", "no exception"),
        b"\x92\xa8returned\x93\xa4read\xc0\x81\xa8artifact\xa1\xff",
        b"\x92\xa8returned" + b"\x91" * 100_000,
        b"\x92\xa8returned\xdd\xff\xff\xff\xff",
    ],
)
def test_what_is_not_of_the_declared_form_is_refused(message: bytes) -> None:
    with pytest.raises(NotAgreed):
        decode(message, evtx.parse)


def test_an_exception_is_made_of_what_the_job_declares_and_of_nothing_else() -> None:
    def arrived(error: Exception, job: Callable[..., Any]) -> Exception:
        kind, value = decode(encode("raised", told_of(error)), job)
        assert kind == "raised" and isinstance(value, Exception)
        return value

    refused = arrived(SourceUnreadable(text("甲", "a")), sandbox_jobs.unpacked)
    assert isinstance(refused, SourceUnreadable) and refused.sentence == text("甲", "a")
    assert isinstance(arrived(Unparsable(text("甲", "a")), pe.parse), Unparsable)
    assert isinstance(arrived(Unparsable(text("甲", "a")), evtx.parse), JobFailed)
    assert isinstance(arrived(SystemError("x"), evtx.parse), JobFailed)
    full = arrived(OSError(errno.ENOSPC, "No space left"), evtx.parse)
    assert isinstance(full, OSError) and full.errno == errno.ENOSPC


def test_broken_characters_travel_as_replacement_characters() -> None:
    sent = PartFacts(None, read=[(1, 2)], first_time="a\ud800b")

    _, facts = decode(encode("returned", sent), evtx.parse)
    assert facts == PartFacts(None, read=[(1, 2)], first_time="a\N{REPLACEMENT CHARACTER}b")


@pytest.mark.parametrize("job", JOBS)
def test_every_job_declares_concretely_what_comes_back(job: Callable[..., Any]) -> None:
    _, returned = wire._decoders(job)

    for value in (msgspec.msgpack.Ext(1, b"x"), [["anything"]]):
        with pytest.raises(msgspec.ValidationError):
            returned.decode(msgspec.msgpack.encode(value))


@pytest.mark.parametrize("hostile", [jobs.answers_by_pickle, jobs.answers_without_end, jobs.answers_half])
def test_a_child_that_was_taken_over_costs_its_artifact(hostile: Any, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    with Sandbox(Allowance(silence=1.0)) as sandbox:
        with pytest.raises(Stopped, match=r"no agreed form|no progress"):
            sandbox.call(hostile, victim)

        assert sandbox.call(jobs.echo, "alive") == "alive" and sandbox.stops == 1
    assert not victim.exists()


def test_a_child_that_does_not_listen_holds_nobody() -> None:
    with Sandbox(Allowance(silence=1.0)) as sandbox:
        os.kill(sandbox.call(jobs.process_id), signal.SIGSTOP)
        with pytest.raises(Stopped, match="no progress"):
            sandbox.call(jobs.echo, b"x" * (8 << 20))


def test_a_talkative_child_is_stopped_when_time_is_over() -> None:
    with Sandbox() as sandbox:
        heard = []

        def on_message(word: str) -> None:
            heard.append(word)
            sandbox.deadline = 0.0

        with pytest.raises(OutOfTime, match="used up while"):
            sandbox.call(jobs.spins, on_message=on_message)
        assert heard == ["still here"]
        with pytest.raises(OutOfTime, match="before this file"):
            sandbox.call(jobs.echo, 1)


def test_time_that_is_over_before_the_child_has_begun_is_no_broken_machine() -> None:
    def idle() -> None:
        sandbox.deadline = 0.0

    with Sandbox(prepare=[(jobs.hangs, ())], idle=idle) as sandbox, pytest.raises(OutOfTime):
        sandbox.call(jobs.echo, 1)
    assert not issubclass(OutOfTime, SandboxBroken)


@pytest.mark.parametrize(
    "place", [b"../secret", b"/etc/passwd", b"out/secret", b"link", b"a\0b", b"x" * 5000, b"none"]
)
def test_a_file_that_is_said_to_lie_elsewhere_is_not_touched(place: bytes, tmp_path: Path) -> None:
    folder, secret = tmp_path / "folder", tmp_path / "secret"
    folder.mkdir()
    secret.write_text("secret")
    (folder / "out").symlink_to(tmp_path)
    (folder / "link").symlink_to(secret)
    unpacked = sandbox_jobs.Unpacked("a.evtx", "folder", place, "0" * 64, 6, "evtx", State.READ, None)
    artifact = sandbox_jobs._arrived(unpacked, {"folder": folder})

    assert artifact.file == Path("/dev/null") and artifact.state is State.UNREADABLE
    assert artifact.detail is not None and "attack" in artifact.detail["en"]


def test_unpacking_that_uses_up_the_time_is_refused_with_advice(tmp_path: Path) -> None:
    with Sandbox() as sandbox, pytest.raises(SourceUnreadable, match="several parts"):
        sandbox.deadline = 0.0
        sandbox_jobs.unpack_in(sandbox, tmp_path, tmp_path, DEFAULT_LIMITS, lambda name: None)
