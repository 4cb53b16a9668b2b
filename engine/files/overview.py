"""All files whose states were captured, for one table: those that differ in full, the others counted."""

from collections.abc import Sequence

from engine.files.comparison import Group, compare
from engine.files.content import classes, count_of
from engine.material import Material
from engine.schema.files import FileCounts, FilesOverview, Verdict

MAX_DIFFERING = 300
MAX_NAMED = 1_000
_ORDER = (Verdict.TAMPERED, Verdict.SLIP, Verdict.OTHER_VERSION)


def overview(material: Material) -> FilesOverview:
    """The files that differ, ``MAX_DIFFERING`` at most, and the paths of the others, ``MAX_NAMED`` of each
    kind."""
    differing: list[Group] = []
    quiet: dict[str, list[str]] = {kind: [] for kind in ("equal", "same", "single", "cut", "absent", "apart")}
    for group in compare(material):
        kind = _kind(group)
        if kind == "differing":
            differing.append(group)
        else:
            quiet[kind].append(group.path)
    differing.sort(key=_rank)
    return FilesOverview(
        differing=[group.matrix() for group in differing[:MAX_DIFFERING]],
        **{kind: paths[:MAX_NAMED] for kind, paths in quiet.items()},
        counts=FileCounts(differing=len(differing), **{kind: len(paths) for kind, paths in quiet.items()}),
    )


def _kind(group: Group) -> str:
    if any(group.of(verdict) for verdict in _ORDER):
        return "differing"
    states = [compared.state for compared in group.states]
    if count_of(numbers := classes(states)) > 1:
        return "differing"
    if group.of(Verdict.EQUAL):
        return "equal"
    if states[0].cut:
        return "cut"
    if all(state.absent for state in states):
        return "absent"
    if len(states) == 1:
        return "single"
    # A hash on one side and a size alone on the other contradict nothing, but prove nothing either.
    return "same" if None not in numbers else "apart"


def _rank(group: Group) -> int:
    places: Sequence[int] = [place for place, verdict in enumerate(_ORDER) if group.of(verdict)]
    return min(places, default=len(_ORDER))
