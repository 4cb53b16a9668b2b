"""Copies of one executable in a bundle: which claim to be the same file and are not.

Two copies belong together when they bear one name (their own, or the version resource's), are
for one processor and state one version; of several the soundest is the reference.
"""

from collections.abc import Iterable, Iterator

from engine.files.comparison import Group, base_name
from engine.material import Material
from engine.parsers.captures.values import squeezed
from engine.parsers.pe.comparison import Comparison
from engine.parsers.pe.facts import PeFacts
from engine.schema.files import Verdict

MAX_PAIRS = 50
"""Comparisons of one analysis; each reads both files."""


def compared_copies(material: Material, groups: Iterable[Group]) -> dict[str, Comparison]:
    """The comparison of each copy with the reference of its kind, by the copy's artifact."""
    sound = {
        compared.executable.artifact
        for group in groups
        for compared in group.states
        if compared.executable is not None and compared.verdict is Verdict.EQUAL
    }
    comparisons: dict[str, Comparison] = {}
    for copies in _copies(material.executables):
        reference = max(copies, key=lambda copy: _soundness(copy, sound))
        for other in copies:
            if other.sha256 == reference.sha256 or other.artifact in sound:
                continue
            if len(comparisons) >= MAX_PAIRS:
                return comparisons
            files = (material.artifact(reference.artifact).file, material.artifact(other.artifact).file)
            comparisons[other.artifact] = material.compare_executables(reference, other, files)
    return comparisons


def _copies(executables: Iterable[PeFacts]) -> Iterator[list[PeFacts]]:
    kinds: dict[tuple[str, str, str], list[PeFacts]] = {}
    for executable in executables:
        claim = squeezed(executable.file_version or "") or (executable.time or "")
        if not executable.cut and claim:
            name = squeezed(executable.original_name or "") or base_name(executable.artifact)
            kinds.setdefault((name, executable.machine, claim), []).append(executable)
    yield from (copies for copies in kinds.values() if len({copy.sha256 for copy in copies}) > 1)


def _soundness(copy: PeFacts, sound: set[str]) -> tuple[bool, bool, bool, bool, int]:
    return (
        copy.artifact in sound,
        copy.signature.state == "valid",
        copy.checksum_stated != 0 and copy.checksum_fits,
        not copy.overlay_size,
        -copy.size,
    )
