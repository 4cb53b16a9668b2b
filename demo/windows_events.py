"""Events as the parts of Windows write them: the fields that all events of one source share."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from demo.evtx.values import Datum
from demo.evtx.writer import Event

COMPUTER = "DESKTOP-CM01"
SYSTEM_SID = "S-1-5-18"

_SCM = "Service Control Manager"
_SCM_GUID = uuid.UUID("555908d1-a6d7-4695-8e1e-26931d2012f4")
_CLASSIC = 0x0080000000000000


def scm(
    when: datetime,
    event_id: int,
    data: Mapping[str, Datum],
    *,
    qualifiers: int,
    level: int = 4,
    binary: str | None = None,
    user: str | None = None,
    thread: int = 3764,
) -> Event:
    """A record of the Service Control Manager; ``binary`` is its text, stored as UTF-16LE."""
    return Event(
        when,
        _SCM,
        event_id,
        data,
        computer=COMPUTER,
        level=level,
        qualifiers=qualifiers,
        keywords=0x8080000000000000,
        guid=_SCM_GUID,
        source=_SCM,
        process_id=708,
        thread_id=thread,
        user=user,
        binary=None if binary is None else binary.encode("utf-16-le"),
    )


def state(when: datetime, name: str, key: str, running: bool, thread: int = 3764) -> Event:
    """Event 7036: a service entered the running or the stopped state."""
    data = {"param1": name, "param2": "正在运行" if running else "已停止"}
    return scm(when, 7036, data, qualifiers=16384, binary=f"{key}/{4 if running else 1}\0", thread=thread)


def classic(
    when: datetime, provider: str, event_id: int, data: tuple[str, ...], binary: bytes | None = None
) -> Event:
    """A record of a source older than manifests: unnamed values, no version, no opcode."""
    return Event(
        when,
        provider,
        event_id,
        data,
        computer=COMPUTER,
        keywords=_CLASSIC,
        qualifiers=32768,
        opcode=None,
        version=None,
        binary=binary,
    )


def kernel(when: datetime, provider: str, event_id: int, data: Mapping[str, Datum]) -> Event:
    """A record that the kernel writes (process 4, account SYSTEM)."""
    return Event(
        when,
        provider,
        event_id,
        data,
        computer=COMPUTER,
        guid=uuid.uuid5(uuid.NAMESPACE_DNS, provider),
        user=SYSTEM_SID,
        process_id=4,
        thread_id=8,
    )


def manifest(
    when: datetime, provider: str, event_id: int, data: Mapping[str, Datum], task: int, user: str = SYSTEM_SID
) -> Event:
    """A record of a provider with a manifest, written by a service."""
    return Event(
        when,
        provider,
        event_id,
        data,
        computer=COMPUTER,
        task=task,
        guid=uuid.uuid5(uuid.NAMESPACE_DNS, provider),
        user=user,
        process_id=1236,
        thread_id=4412,
    )
