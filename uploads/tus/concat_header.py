"""The header ``Upload-Concat`` of tus's concatenation."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from uploads.transfer.models import Concat
from uploads.tus.errors import BadHeader

if TYPE_CHECKING:
    pass


MAX_PARTS = 100


def parse(header: str) -> tuple[Concat, list[UUID]]:
    """Reads ``Upload-Concat``: ``partial``, or ``final;`` and the parts' addresses. Raises ``BadHeader``."""
    if header.strip() == "partial":
        return Concat.PARTIAL, []
    word, _, addresses = header.partition(";")
    try:
        parts = [UUID(address.rstrip("/").rpartition("/")[2]) for address in addresses.split()]
    except ValueError:
        parts = []
    if word.strip() != "final" or not 1 <= len(parts) <= MAX_PARTS or len(set(parts)) < len(parts):
        raise BadHeader(header="Upload-Concat")
    return Concat.FINAL, parts
