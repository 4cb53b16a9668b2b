"""Bundles that the tests analyse: captures of one tampered file, and event logs of any length."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from analysis.baselines.models import Baseline
from cases.models import Case, MessageKind
from cases.services import post_message
from demo.evtx.writer import Event, write_log
from uploads.bundles.models import Bundle, BundleState

PATH = r"C:\Program Files (x86)\CodeMeter\Runtime\bin\CodeMeter.exe"
GOOD = "7682DD44179B9956B2BA33A1332B5E13729E9FA74466AF36ED1FD5CE87429BEA"
SLIPPED = "7682DD44179B9956B2BA33A1332B5E13729EFFA74466AF36ED1FD5CE87429BEA"
TAMPERED = "972439BB56330B086C62DD7F34F86C9AD955C6EE194837E0155F78715D40E8C2"
SIZE = 4_562_920
MORE = 82_381
VERSION = "6.20 of 2016-Apr-06 (Build 2147)"


def capture(sha256: str, size: int) -> str:
    """What Get-FileHash and Get-Item print of the file."""
    return (
        f"Algorithm : SHA256\r\nHash      : {sha256}\r\nPath      : {PATH}\r\n\r\n"
        f"FullName      : {PATH}\r\nLength        : {size}\r\n"
        f"LastWriteTime : 2016-04-06 12:20:00\r\nFileVersion   : {VERSION}\r\n"
    )


def captures(**more: str) -> bytes:
    """A zip with a slipped and a tampered state, and whatever else is named."""
    files = {
        "after-reinstall.txt": capture(SLIPPED, SIZE),
        "after-restart.txt": capture(TAMPERED, SIZE + MORE),
    } | more
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text.encode("utf-16"))
    return packed.getvalue()


def crashes(count: int, *, service: str = "CodeMeter Runtime Server") -> Iterator[Event]:
    """So many unexpected terminations of one service, ten seconds apart."""
    begin = datetime(2020, 11, 24, 0, 59, 24, tzinfo=UTC)
    for number in range(count):
        yield Event(
            time=begin + timedelta(seconds=10 * number),
            provider="Service Control Manager",
            event_id=7034,
            level=2,
            data={"param1": service, "param2": str(number + 1)},
        )


def log(folder: Path, count: int = 8, *, service: str = "CodeMeter Runtime Server") -> bytes:
    """A System.evtx of ``count`` crashes."""
    file = folder / "System.evtx"
    write_log(file, crashes(count, service=service))
    return file.read_bytes()


def sealed(case: Case, by: User, content: bytes, name: str = "logs.zip") -> Bundle:
    """A bundle as the seal leaves it, without the signal."""
    bundle = Bundle.objects.create(
        case=case,
        user=by,
        message=post_message(case, by=by, body=name, kind=MessageKind.BUNDLE),
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest().upper(),
        state=BundleState.SEALED,
        received_at=timezone.now(),
        sealed_at=timezone.now(),
    )
    bundle.file.save(name, ContentFile(content))
    return bundle


def baseline() -> Baseline:
    """The lab's state of the file."""
    return Baseline.objects.create(
        product="CodeMeter",
        label="Lab, 6.20",
        path=PATH,
        sha256=GOOD,
        size=SIZE,
        modified="2016-04-06T12:20:00",
        version=VERSION,
    )


def whole(crashed: int = 3) -> bytes:
    """The captures together with an event log."""
    with tempfile.TemporaryDirectory() as folder:
        packed = io.BytesIO(captures())
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("EventLog/System.evtx", log(Path(folder), crashed))
    return packed.getvalue()
