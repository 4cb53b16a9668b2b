"""The machines whose events a bundle holds: their starts, services and bursts are never mixed.

A machine is told by the ``Computer`` of its events. Two names are one machine when one is the
other with its domain, or when the event log says that the machine was renamed (EventLog 6011:
"The NetBIOS name and DNS host name of this machine have been changed from %1 to %2").
"""

from collections.abc import Iterable
from typing import Self

from engine.index.event_index import EventIndex
from engine.text_safety import legible


class Machines:
    """The machines of one bundle. ``names`` are what they are called last, in order of name."""

    def __init__(self, computers: Iterable[str], renamed: Iterable[tuple[str, str]] = ()) -> None:
        spellings = {name.casefold(): name for name in sorted(computers)}
        follows = _with_domain(spellings)
        for old, new in ((old.casefold(), new.casefold()) for old, new in renamed):
            if old in spellings and new in spellings:
                follows.pop(new, None)  # It may have had that name before.
                follows[old] = new
        self._names = {name: legible(spellings[_last(name, follows)]) for name in spellings}
        self._spellings = tuple(sorted(computers))
        self._known: dict[str | None, str] = {}
        self.names = sorted(set(self._names.values()))

    @classmethod
    def read(cls, events: EventIndex) -> Self:
        """The machines of an index; without any event of 6011 this looks at no record."""
        names = events.computers()
        if len(names) < 2:
            return cls(names)
        renamed = []
        for event in events.events(provider="EventLog", event_id=6011):
            match event.data.get("Data"):
                case [str() as old, str() as new, *_]:
                    renamed.append((old, new))
        return cls(names, renamed)

    @property
    def several(self) -> bool:
        """Whether events of more than one machine are in the bundle."""
        return len(self.names) > 1

    def of(self, computer: str | None) -> str:
        """What the machine is called; an event without a computer is of the only machine, or of none."""
        known_as = self._known.get(computer)
        if known_as is None:
            known_as = self._known[computer] = self._of(computer)
        return known_as

    def _of(self, computer: str | None) -> str:
        if computer:
            return self._names.get(computer.casefold(), legible(computer))
        return "" if self.several or not self.names else self.names[0]

    def computers(self, machine: str) -> tuple[str, ...]:
        """All that events of a machine call it."""
        return tuple(name for name in self._spellings if self._names[name.casefold()] == machine)


def _with_domain(names: Iterable[str]) -> dict[str, str]:
    """Short names and the full name that each belongs to, where there is exactly one."""
    full: dict[str, list[str]] = {}
    for name in names:
        short, dot, _ = name.partition(".")
        if dot:
            full.setdefault(short, []).append(name)
    return {
        short: names_in_full[0]
        for short, names_in_full in full.items()
        if len(names_in_full) == 1 and short in names
    }


def _last(name: str, follows: dict[str, str]) -> str:
    seen = {name}
    while follows.get(name, name) not in seen:
        name = follows[name]
        seen.add(name)
    return name
