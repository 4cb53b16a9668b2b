"""The states of each file side by side, with its baseline: the matrix behind the file rules.

A state is equal to the baseline, a transcription slip (one or two of 64 hex digits differ:
two different files never come that near), another version, tampered, or not to be judged.
"""

from dataclasses import asdict, dataclass, replace

from engine.material import Material
from engine.parsers.captures.values import squeezed
from engine.parsers.file_state import FileState
from engine.parsers.pe.facts import PeFacts
from engine.schema.evidence import Evidence, Locator
from engine.schema.executables import Executable, ExecutableComparison
from engine.schema.facts import Facts, Slip
from engine.schema.files import ComparedState, FileMatrix, Verdict

MAX_SLIP_DIGITS = 2
"""Up to so many differing digits are a slip: of two SHA-256, chance gives 60 of 64."""


@dataclass(frozen=True)
class Compared:
    """One state against the baseline. ``digits`` are the differing positions from 1 (slips only),
    ``delta`` the bytes more than the baseline; ``same_…`` is ``None`` where one side lacks it.
    ``executable`` is the file itself where the bundle holds it."""

    state: FileState
    verdict: Verdict = Verdict.UNKNOWN
    distance: int | None = None
    digits: tuple[int, ...] = ()
    delta: int | None = None
    same_modified: bool | None = None
    same_version: bool | None = None
    executable: PeFacts | None = None


@dataclass
class Group:
    """All states of one path. ``name`` is the file's own name."""

    name: str
    path: str
    baseline: FileState | None
    states: list[Compared]

    def of(self, verdict: Verdict) -> list[Compared]:
        return [compared for compared in self.states if compared.verdict is verdict]

    def matrix(self) -> FileMatrix:
        """For tables: the baseline, and the states in capture order."""
        return FileMatrix(
            file=self.name,
            path=self.path,
            baseline=self.baseline,
            states=[
                ComparedState(
                    **asdict(c.state),
                    verdict=c.verdict,
                    distance=c.distance,
                    digits=list(c.digits),
                    delta_bytes=c.delta,
                    same_modified=c.same_modified,
                    same_version=c.same_version,
                    file_in_bundle=c.executable.artifact if c.executable else None,
                )
                for c in self.states
            ],
        )

    def facts(
        self,
        *,
        slip: Slip | None = None,
        executable: Executable | None = None,
        comparison: ExecutableComparison | None = None,
    ) -> Facts:
        """The matrix as a finding has it, and what more the finding rests on."""
        shown = self.matrix()
        return Facts(
            file=shown.file,
            path=shown.path,
            baseline=shown.baseline,
            states=shown.states,
            slip=slip,
            executable=executable,
            comparison=comparison,
        )


def compare(material: Material) -> list[Group]:
    """The groups in the order of their first capture; files of the bundle join their states."""
    groups = _Groups()
    for state in material.file_states:
        groups.of(state.path).states.append(Compared(state))
    for executable in material.executables:
        if not executable.cut:
            groups.join(executable)
    baselines: dict[str, list[FileState]] = {}
    for baseline in material.baselines:
        baselines.setdefault(base_name(baseline.path), []).append(baseline)
    for group in groups.all:
        namesakes = baselines.get(base_name(group.path), [])
        group.baseline = _baseline_of(group, namesakes)
        if group.baseline is not None:
            group.states = [judge(compared, group.baseline, namesakes) for compared in group.states]
    return groups.all


def judge(compared: Compared, baseline: FileState, namesakes: list[FileState]) -> Compared:
    """The verdict; a state equal to any baseline of its name is equal, whatever its folder says."""
    state = compared.state
    equal = [known for known in namesakes if state.sha256 and known.sha256 == state.sha256]
    baseline = equal[0] if equal else baseline
    delta = state.size - baseline.size if state.size is not None and baseline.size is not None else None
    same_version = _same(state.version, baseline.version)
    digits = differing_digits(state.sha256, baseline.sha256)
    if not digits and state.sha256:
        verdict = Verdict.EQUAL
    elif digits and len(digits) <= MAX_SLIP_DIGITS and not delta:
        verdict = Verdict.SLIP
    elif same_version is False:
        verdict = Verdict.OTHER_VERSION
    elif not same_version and _is_of_reference(baseline, namesakes):
        verdict = Verdict.UNKNOWN
    elif (state.sha256 or delta) and (same_version or _same_place(state.path, baseline.path)):
        verdict = Verdict.TAMPERED
    else:
        verdict = Verdict.UNKNOWN
    return replace(
        compared,
        verdict=verdict,
        distance=len(digits) if state.sha256 else None,
        digits=tuple(digits) if verdict is Verdict.SLIP else (),
        delta=delta,
        same_modified=_same(state.modified, baseline.modified),
        same_version=same_version,
    )


def differing_digits(mine: str | None, theirs: str | None) -> list[int]:
    """Positions from 1 at which two hashes differ."""
    if not mine or not theirs:
        return []
    return [position for position, (a, b) in enumerate(zip(mine, theirs, strict=True), start=1) if a != b]


def base_name(path: str) -> str:
    """The file's own name, for comparing."""
    return squeezed(path.replace("/", "\\").rpartition("\\")[2])


def evidence_of(compared: Compared, material: Material) -> Evidence:
    """The state where it stands: a line of a capture, or the file itself."""
    state = compared.state
    artifact = material.artifact(state.artifact or "")
    offset = 0 if state.line is None else None
    locator = Locator(label=state.label, line=state.line, offset=offset)
    return Evidence(artifact.path, artifact.sha256, locator, excerpt_of(state))


def baseline_evidence(baseline: FileState) -> Evidence:
    """The known-good state itself; its own hash stands for the artifact's."""
    locator = Locator(baseline=True, label=baseline.label)
    return Evidence(baseline.path, (baseline.sha256 or "").lower(), locator, excerpt_of(baseline))


def excerpt_of(state: FileState) -> str:
    """The state's facts in PowerShell's own names."""
    facts = (
        ("Path", state.path),
        ("SHA256", state.sha256),
        ("Length", str(state.size) if state.size is not None else None),
        ("LastWriteTime", state.modified.replace("T", " ") if state.modified else None),
        ("FileVersion", state.version),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def short(sha256: str | None) -> str:
    """The first eight digits, as people name a hash."""
    return f"{sha256[:8]}…" if sha256 else "—"


class _Groups:
    """Groups by path, found without walking them all: captures may list a whole system folder."""

    def __init__(self) -> None:
        self.all: list[Group] = []
        self._by_path: dict[str, Group] = {}
        self._by_name: dict[str, list[Group]] = {}

    def of(self, path: str) -> Group:
        """The group of that path; a bare name joins the only group of its name."""
        group = self._by_path.get(_key(path))
        if group is None:
            group = self._namesake(path) or self._new(path)
            self._by_path[_key(path)] = group
        return group

    def join(self, executable: PeFacts) -> None:
        """A file of the bundle is the captured state of the same hash, or a state of its own."""
        name, sha256 = executable.artifact.rpartition("/")[2], executable.sha256.upper()
        repeated = False
        for group in self.all:
            for position, compared in enumerate(group.states):
                if compared.state.sha256 == sha256:
                    group.states[position] = replace(compared, executable=executable)
                    repeated = True
        if not repeated:
            state = FileState(
                path=name,
                sha256=sha256,
                size=executable.size,
                modified=None,
                version=executable.file_version,
                label=executable.artifact,
                artifact=executable.artifact,
            )
            self.of(name).states.append(Compared(state, executable=executable))

    def _namesake(self, path: str) -> Group | None:
        namesakes = self._by_name.get(base_name(path), [])
        if len(namesakes) != 1 or (_has_folder(path) and _has_folder(namesakes[0].path)):
            return None
        if _has_folder(path):
            namesakes[0].path = path
        return namesakes[0]

    def _new(self, path: str) -> Group:
        group = Group(path.replace("/", "\\").rpartition("\\")[2], path, None, [])
        self.all.append(group)
        self._by_name.setdefault(base_name(path), []).append(group)
        return group


def _key(path: str) -> str:
    return squeezed(path.replace("/", "\\"))


def _has_folder(path: str) -> bool:
    return "\\" in path.replace("/", "\\")


def _same_place(mine: str, theirs: str) -> bool:
    """Not two files of one name in two folders; a bare name may be anywhere."""
    return _key(mine) == _key(theirs) or not (_has_folder(mine) and _has_folder(theirs))


def _is_of_reference(baseline: FileState, namesakes: list[FileState]) -> bool:
    """Whether it comes of a list of many versions by bare names, as the NSRL's are: that a file is none of
    those proves nothing."""
    bare = {state.sha256 for state in namesakes if not state.version and not _has_folder(state.path)}
    return baseline.sha256 in bare and len(bare) > 1


def _baseline_of(group: Group, namesakes: list[FileState]) -> FileState | None:
    """Of several baselines of this name the one of the version and the path that the states claim."""
    versions = {squeezed(c.state.version) for c in group.states if c.state.version}
    hashes = {c.state.sha256 for c in group.states if c.state.sha256}

    def fitness(baseline: FileState) -> tuple[bool, bool, bool]:
        return (
            squeezed(baseline.version or "") in versions,
            _key(baseline.path) == _key(group.path),
            baseline.sha256 in hashes,
        )

    return max(namesakes, key=fitness, default=None)


def _same(mine: str | None, theirs: str | None) -> bool | None:
    return None if mine is None or theirs is None else squeezed(mine) == squeezed(theirs)
