"""What comes back from the sandbox's child: values of the types that a job declares, and no others.

A parser that a hostile file has taken over writes these bytes, so nothing in them is executed or
believed: they are MessagePack, read straight into the types of the job's annotations (what it
returns, what its first argument is told). A job names by ``refusing`` the exceptions that its caller
can tell apart; any other arrives as ``JobFailed``.
Source: MessagePack specification (github.com/msgpack/msgpack/blob/master/spec.md), read by msgspec.
"""

import errno
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, TypeVar, get_args, get_type_hints

import msgspec

from engine.text import Text

MAX_MESSAGE_BYTES = 64 << 20
"""Bytes of one answer. A list of the smallest values takes some 25 times as much memory as bytes."""

MAX_ERROR_LENGTH = 2_000

Kind = Literal["told", "returned", "raised", "memory"]
Job = Callable[..., Any]
J = TypeVar("J", bound=Job)


class NotAgreed(Exception):
    """The bytes are not what the job declares; the message says where."""


class JobFailed(Exception):
    """Stands for an exception that the job does not declare; the message names it."""


class Raised(msgspec.Struct, array_like=True, frozen=True):
    """An exception: its class, its words, the system's error number, a sentence for people."""

    name: str
    message: str
    number: int | None
    sentence: Text | None


class _Frame(msgspec.Struct, array_like=True, frozen=True):
    kind: Kind
    value: msgspec.Raw


def refusing(*errors: type[Exception]) -> Callable[[J], J]:
    """Declares what a job may raise; each is made anew from its ``sentence``, or else its words."""

    def declared(job: J) -> J:
        job.refusals = errors  # type: ignore[attr-defined]  # A function may have any, and declares none.
        return job

    return declared


# -- In the child -----------------------------------------------------------------------


def encode(kind: Kind, value: Any = None) -> bytes:
    """A message. Lone surrogates in texts become U+FFFD; raises what cannot be told at all."""
    try:
        return _ENCODER.encode((kind, value))
    except UnicodeEncodeError:
        return _ENCODER.encode((kind, _whole(msgspec.to_builtins(value))))


def told_of(error: Exception) -> Raised:
    """The exception as it travels."""
    number, message = None, str(error)
    if isinstance(error, OSError):
        number, message = error.errno, error.strerror or message
    elif getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        number = errno.ENOSPC
    return Raised(type(error).__name__, message[:MAX_ERROR_LENGTH], number, getattr(error, "sentence", None))


def _whole(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list() | tuple():
            return tuple(map(_whole, value))  # a tuple, as it may be a key
        case dict():
            return {_whole(key): _whole(item) for key, item in value.items()}
    return value


# -- Here -------------------------------------------------------------------------------


def decode(message: bytes, job: Job) -> tuple[Kind, Any]:
    """The kind of a message of this job, and its value; of ``raised`` the exception to raise.

    Raises ``NotAgreed``.
    """
    try:
        frame = _FRAME.decode(message)
        progress, returned = _decoders(job)
        match frame.kind:
            case "told":
                return frame.kind, progress.decode(frame.value)
            case "returned":
                return frame.kind, returned.decode(frame.value)
            case "raised":
                return frame.kind, _exception(_RAISED.decode(frame.value), job)
            case "memory":
                return frame.kind, None
    except (msgspec.MsgspecError, RecursionError, ValueError, TypeError) as error:
        raise NotAgreed(str(error)[:MAX_ERROR_LENGTH]) from error


def _exception(raised: Raised, job: Job) -> Exception:
    for declared in getattr(job, "refusals", ()):
        if declared.__name__ == raised.name:
            refusal: Exception = declared(raised.sentence or raised.message)
            return refusal
    if raised.number is not None:
        return OSError(raised.number, raised.message)
    return JobFailed(f"{raised.name}: {raised.message}")


@lru_cache(maxsize=256)
def _decoders(job: Job) -> tuple["msgspec.msgpack.Decoder[Any]", "msgspec.msgpack.Decoder[Any]"]:
    hints = get_type_hints(job, include_extras=True)
    words = get_args(hints.get("emit"))
    progress = words[0][0] if words else Any
    return msgspec.msgpack.Decoder(progress), msgspec.msgpack.Decoder(hints.get("return", Any))


_ENCODER = msgspec.msgpack.Encoder()
_FRAME = msgspec.msgpack.Decoder(_Frame)
_RAISED = msgspec.msgpack.Decoder(Raised)
