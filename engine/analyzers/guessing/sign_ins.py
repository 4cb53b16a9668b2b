"""Sign-ins of the Security log, each once: exports of one log overlap.

Source: Microsoft, events 4624 and 4625 of the security auditing.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from engine.material import Material
from engine.rules.columns import expression
from engine.service_control import parse_time

SUCCEEDED, FAILED = 4624, 4625
_OF = "provider = 'Microsoft-Windows-Security-Auditing' AND event_id = {}"


def sign_ins(
    material: Material, number: int, fields: Sequence[str]
) -> Iterator[tuple[float, str, tuple[int, str, int], tuple[Any, ...]]]:
    """Of each such event its time (seconds since 1970), machine, place (id, log, record) and fields, oldest
    first; those without a time are left out."""
    columns = ["computer", *(expression(field) for field in fields)]
    moment, seen = "", set[tuple[int, str]]()
    for event, artifact, record, time, computer, *values in material.events.matching(
        _OF.format(number), columns
    ):
        if artifact in material.doubles or (parsed := parse_time(time)) is None:
            continue
        if time != moment:
            moment, seen = time, set()
        machine = material.machines.of(computer)
        if (record, machine) not in seen:
            seen.add((record, machine))
            yield parsed.timestamp(), machine, (event, artifact, record), tuple(values)
