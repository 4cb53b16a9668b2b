"""The machines whose events a bundle holds: their starts, services and bursts are never mixed.

A machine is told by the ``Computer`` of its events. Two names are one machine when one is the
other with its domain, or when the events tell that the machine was renamed (``renaming``).
"""

from collections.abc import Iterable, Mapping
from typing import Self

from engine.index.event_index import EventIndex
from engine.index.names import spans_of_computers
from engine.renaming import REASONS, Renaming, Why, folded, renamings
from engine.schema.logs import MachineNames
from engine.text import text
from engine.text_safety import legible


class Machines:
    """The machines of one bundle. ``names`` are what they are called last, in order of name."""

    def __init__(
        self,
        computers: Iterable[str],
        renamed: Iterable[Renaming] = (),
        last_used: Mapping[str, str] | None = None,
        told: Iterable[str] = (),
    ) -> None:
        self._spellings = tuple(sorted(computers))
        self._written = {folded(name): name.rstrip(".") for name in self._spellings}
        full = _with_domain(self._written)
        links = [Renaming(short, name, Why.DOMAIN) for short, name in full.items()]
        links += [Renaming(folded(one.old), folded(one.new), one.why) for one in renamed]
        known = [link for link in links if {link.old, link.new} <= self._written.keys()]
        self._links = [link for link in known if link.old != link.new]
        groups = _together(self._written, self._links)
        used = {folded(name): time for name, time in sorted((last_used or {}).items(), key=_second)}
        renamed_to = {link.new: place for place, link in enumerate(self._links)}
        self._names: dict[str, str] = {}
        for group in groups:
            last = max(group, key=lambda name: (used.get(name, ""), renamed_to.get(name, -1), name))
            last = full.get(last, last)
            self._names |= dict.fromkeys(group, legible(self._written[last]))
        short = {name.partition(".")[0] for name in self._written}
        self._others = any(folded(name).partition(".")[0] not in short for name in told if name)
        self._known: dict[str | None, str] = {}
        self.names = sorted(set(self._names.values()))
        # By machine: a hostile log names another one in every record.
        self._spelled: dict[str, list[str]] = {}
        for spelling in self._spellings:
            self._spelled.setdefault(self._names[folded(spelling)], []).append(spelling)

    @classmethod
    def read(cls, events: EventIndex, told: Iterable[str] = ()) -> Self:
        """The machines of an index; of a single name this looks at no record. ``told`` are names that other
        files of the bundle (systeminfo) tell."""
        names = events.computers()
        if len({folded(name) for name in names}) < 2:
            return cls(names, told=told)
        spans = spans_of_computers(events)
        return cls(names, renamings(events), {name: last for name, (_first, last) in spans.items()}, told)

    @property
    def several(self) -> bool:
        """Whether events of more than one machine are in the bundle."""
        return len(self.names) > 1

    def of(self, computer: str | None) -> str:
        """What the machine is called; an event without a computer is of the only machine, or of none where
        the bundle tells of another one."""
        known_as = self._known.get(computer)
        if known_as is None:
            known_as = self._known[computer] = self._of(computer)
        return known_as

    def _of(self, computer: str | None) -> str:
        if computer:
            return self._names.get(folded(computer), legible(computer))
        return "" if self.several or self._others or not self.names else self.names[0]

    def computers(self, machine: str) -> tuple[str, ...]:
        """All that events of a machine call it."""
        return tuple(self._spelled.get(machine, ()))

    def of_several_names(self) -> list[MachineNames]:
        """The machines that events call by more than one name, and how it is known that they are one."""
        return [entry for name in self.names if (entry := self._entry(name)) is not None]

    def _entry(self, machine: str) -> MachineNames | None:
        others = sorted(
            {
                legible(self._written[name])
                for name in map(folded, self._spelled[machine])
                if name != folded(machine)
            }
        )
        if not others:
            return None
        known = {link.why for link in self._links if self._names[link.old] == machine}
        reasons = [REASONS[why] for why in Why if why in known]
        zh = "；".join(reason["zh-hans"] for reason in reasons)
        en = "; ".join(reason["en"] for reason in reasons)
        en_names = f"{', '.join([machine, *others[:-1]])} and {others[-1]}"
        was_renamed = known != {Why.DOMAIN}
        zh_how = "（改过名或加入了域）" if was_renamed else ""
        en_how = ", renamed or joined to a domain" if was_renamed else ""
        said = text(
            f"{machine} 与 {'、'.join(others)} 是同一台电脑{zh_how}：{zh}。",
            f"{en_names} are one machine{en_how}: {en}.",
        )
        return MachineNames(name=machine, others=others, said=said)


def _second(pair: tuple[str, str]) -> str:
    return pair[1]


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


def _together(names: Iterable[str], links: Iterable[Renaming]) -> list[set[str]]:
    """The names in groups, those that a link ties in one."""
    groups = {name: {name} for name in names}
    for link in links:
        joined = groups[link.old] | groups[link.new]
        groups |= dict.fromkeys(joined, joined)
    return list({min(group): group for group in groups.values()}.values())
