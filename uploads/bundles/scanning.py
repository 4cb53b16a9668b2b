"""The malware scan of sealed bundles by ClamAV's clamd, if one is configured.

Source: clamd(8), the command INSTREAM: after ``zINSTREAM\\0`` blocks of a length (4 bytes, network
order) and so many bytes, ended by the length 0; the answer ends with ``\\0``. The scan delays neither
the seal nor the analysis.
"""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from jobs.errors import TryAgain
from jobs.worker import Attempt, carry_out
from uploads.bundles.enqueue import SCANS, ask_to_scan
from uploads.bundles.models import Bundle, BundleState, ScanJob, ScanState

if TYPE_CHECKING:
    from uuid import UUID

logger = logging.getLogger(__name__)

BLOCK = 1 << 20
MAX_SILENCE = 300
"""Seconds without a word from clamd; it scans after the last byte, and archives take their time."""
MAX_ANSWER_BYTES = 4096


class NoVerdict(OSError):
    """clamd cannot be reached, hangs up or answers nonsense: the scan is tried again."""


@dataclass(frozen=True)
class Verdict:
    """What clamd says; ``said`` is the name of what it found, or why it refuses (foreign text)."""

    state: ScanState
    said: str = ""


def begin_scan(bundle: Bundle) -> str:
    """The state in which a bundle is sealed; where a scan is wanted, it is asked for after the commit."""
    if not settings.CLAMD:
        return ScanState.NONE
    ask_to_scan(bundle)
    return ScanState.WAITING


def sweep() -> None:
    """Asks again for scans that nobody makes: clamd was down, or a worker was killed."""
    if settings.CLAMD:
        SCANS.sweep()


def scan_bundle(bundle_id: UUID) -> None:
    """Has the bundle scanned and stores the verdict; without one it waits on."""
    if settings.CLAMD:
        carry_out(SCANS, ScanJob.objects.filter(pk=bundle_id, bundle__state=BundleState.SEALED), _scan)


def _scan(attempt: Attempt[ScanJob]) -> None:
    bundle = attempt.job.bundle
    try:
        with bundle.file.open("rb") as content:
            verdict = scan(content, settings.CLAMD)
    except OSError as error:
        raise TryAgain(f"bundle {bundle.pk} could not be scanned yet: {error}") from error
    with SCANS.conclude(attempt.job):
        Bundle.objects.filter(pk=bundle.pk).update(
            scan_state=verdict.state, scan_said=verdict.said[:200], scanned_at=timezone.now()
        )
    if verdict.state == ScanState.INFECTED:
        logger.warning("bundle %s is quarantined: %s", bundle.pk, verdict.said)


def scan(content: IO[bytes], place: str) -> Verdict:
    """What the clamd at ``place`` (``host:port`` or the path of a socket) says of these bytes.

    Raises ``NoVerdict`` and other kinds of ``OSError``.
    """
    with _connected(place) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            while block := content.read(BLOCK):
                connection.sendall(len(block).to_bytes(4, "big") + block)
            connection.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # It has heard enough, and says why.
        return _verdict(_answer(connection))


def _connected(place: str) -> socket.socket:
    if place.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(MAX_SILENCE)
        connection.connect(place)
        return connection
    host, _, port = place.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=MAX_SILENCE)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER_BYTES:
        try:
            more = connection.recv(MAX_ANSWER_BYTES)
        except ConnectionResetError:
            more = b""
        if not more:
            break
        answer += more
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _verdict(answer: str) -> Verdict:
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return Verdict(ScanState.CLEAN)
    if verdict.endswith(" FOUND"):
        return Verdict(ScanState.INFECTED, verdict.removesuffix(" FOUND"))
    if "size limit exceeded" in verdict:
        return Verdict(ScanState.REFUSED, verdict)
    raise NoVerdict(f"clamd answers {verdict[:200]!r}")
