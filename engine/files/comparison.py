"""The states of each file side by side, with its baseline: the matrix behind the file rules.

A state is equal to the baseline, a transcription slip (one or two of 64 hex digits differ:
two different files never come that near), another version, tampered, or not to be judged.
``engine.files.content`` says what proves it.
"""

from dataclasses import asdict, dataclass, replace

from engine.files import agreement
from engine.files.content import Held, Relation, best_hash, held, name_of
from engine.files.groups import grouped
from engine.files.order import in_order
from engine.material import Material
from engine.parsers.captures.values import squeezed
from engine.parsers.file_state import FileState
from engine.parsers.paths import are_twins, place_of
from engine.parsers.pe.facts import PeFacts
from engine.schema.evidence import Evidence, Locator
from engine.schema.executables import Executable, ExecutableComparison
from engine.schema.facts import Facts, Slip
from engine.schema.files import ComparedState, FileMatrix, Verdict
from engine.text import Text


@dataclass(frozen=True)
class Compared:
    """One state against the baseline. ``by`` is what decides it (``content.Held``), ``digits`` are the
    differing positions from 1 (slips only), ``delta`` the bytes more than the baseline; ``same_…`` is
    ``None`` where one side lacks it. ``unlike`` says that their hashes are of different algorithms.
    ``executable`` is the file itself where the bundle holds it."""

    state: FileState
    verdict: Verdict = Verdict.UNKNOWN
    by: str = ""
    distance: int | None = None
    digits: tuple[int, ...] = ()
    delta: int | None = None
    same_modified: bool | None = None
    same_version: bool | None = None
    unlike: bool = False
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
        """For tables: the baseline, and the states, earliest first where that is known."""
        order = in_order([compared.state for compared in self.states]) if not self.several_machines else None
        places = {id(state): place for place, state in enumerate(order or ())}
        return FileMatrix(
            file=self.name,
            path=self.path,
            baseline=self.baseline,
            states=[
                ComparedState(
                    **asdict(c.state),
                    verdict=c.verdict,
                    by=c.by,
                    distance=c.distance,
                    digits=list(c.digits),
                    delta_bytes=c.delta,
                    same_modified=c.same_modified,
                    same_version=c.same_version,
                    file_in_bundle=c.executable.artifact if c.executable else None,
                )
                for c in sorted(self.states, key=lambda c: places.get(id(c.state), 0))
            ],
            ordered=order is not None,
        )

    @property
    def several_machines(self) -> bool:
        """Whether states of more than one machine are known to be among them."""
        return len({compared.state.machine for compared in self.states} - {""}) > 1

    def facts(
        self,
        *,
        meaning: Text | None = None,
        slip: Slip | None = None,
        executable: Executable | None = None,
        comparison: ExecutableComparison | None = None,
    ) -> Facts:
        """The matrix as a finding has it, and what more the finding rests on."""
        shown = self.matrix()
        return Facts(
            meaning=meaning,
            file=shown.file,
            path=shown.path,
            baseline=shown.baseline,
            states=shown.states,
            ordered=shown.ordered,
            slip=slip,
            executable=executable,
            comparison=comparison,
        )


def compare(material: Material) -> list[Group]:
    """The groups in the order of their first capture; files of the bundle join their states."""
    groups = []
    baselines: dict[str, list[FileState]] = {}
    by_hash = {baseline.sha256: baseline for baseline in material.baselines if baseline.sha256}
    for baseline in material.baselines:
        baselines.setdefault(base_name(baseline.path), []).append(baseline)
    for path, states in grouped(material.file_states, material.executables):
        group = Group(_name(path), path, None, [Compared(state, executable=file) for state, file in states])
        if states[0][0].cut:
            # The beginning of a path tells no file; a hash that is known does.
            known = by_hash.get(states[0][0].sha256 or "")
            namesakes = [known] if known else []
            group.name, group.path = _name(known.path) if known else f"{path}…", f"{path}…"
        else:
            namesakes = baselines.get(base_name(path), [])
        group.baseline = _baseline_of(group, namesakes)
        if group.baseline is not None:
            group.states = [judge(state, group.baseline, namesakes) for state in group.states]
        groups.append(group)
    return groups


def judge(compared: Compared, baseline: FileState, namesakes: list[FileState]) -> Compared:
    """The verdict; a state equal to any baseline of its name is equal, whatever its folder says."""
    state = compared.state
    equal = [pair for known in namesakes if (pair := _equal(state, known))]
    equal.sort(key=lambda pair: pair[1].weak)
    baseline, against = equal[0] if equal else (baseline, held(state, baseline))
    same_version = agreement.same_version(state.version, baseline.version)
    if against.relation is Relation.SAME and not state.absent:
        verdict = Verdict.EQUAL
    elif against.relation is Relation.SLIP:
        verdict = Verdict.SLIP
    elif state.absent:
        verdict = Verdict.UNKNOWN
    elif same_version is False:
        verdict = Verdict.OTHER_VERSION
    elif not same_version and _is_of_reference(baseline, namesakes):
        verdict = Verdict.UNKNOWN
    elif against.relation is Relation.DIFFERENT and _same_file(state.path, baseline.path, same_version):
        verdict = Verdict.TAMPERED
    else:
        verdict = Verdict.UNKNOWN
    return replace(
        compared,
        verdict=verdict,
        by=against.by,
        distance=len(against.digits) if against.by not in {"", "size", "absence"} else None,
        digits=against.digits if verdict is Verdict.SLIP else (),
        delta=against.delta,
        same_modified=agreement.same_time(state.modified, baseline.modified),
        same_version=same_version,
        unlike=against.unlike,
    )


def _equal(state: FileState, known: FileState) -> tuple[FileState, Held] | None:
    if state.sha256 != known.sha256 and not (state.other_hashes and known.other_hashes):
        return None  # Lists of known files are long.
    against = held(state, known)
    return (known, against) if against.relation is Relation.SAME else None


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
        ("PSComputerName", state.machine or None),
        ("Path", f"{state.path}…" if state.cut else state.path),
        ("Exists", "False" if state.absent else None),
        ("SHA256", state.sha256),
        *sorted(state.other_hashes.items()),
        ("Length", str(state.size) if state.size is not None else None),
        ("LastWriteTime", state.modified.replace("T", " ") if state.modified else None),
        ("FileVersion", state.version),
    )
    return "\n".join(f"{name}: {value}" for name, value in facts if value)


def short(sha256: str | None) -> str:
    """The first eight digits, as people name a hash."""
    return f"{sha256[:8]}…" if sha256 else "—"


def short_of(state: FileState) -> str:
    """The best hash of a state, named by its algorithm unless it is SHA-256; "—" for none."""
    best = best_hash(state)
    if best is None:
        return "—"
    return short(best[1]) if best[0] == "SHA256" else f"{name_of(best[0])} {short(best[1])}"


def _name(path: str) -> str:
    return path.replace("/", "\\").rpartition("\\")[2]


def _has_folder(path: str) -> bool:
    return not place_of(path).bare


def _same_file(mine: str, theirs: str, same_version: bool | None) -> bool:
    """Not two files of one name: of two folders the version says that it is the same, but never of a
    32-bit and a 64-bit copy; a bare name may be anywhere."""
    here, there = place_of(mine), place_of(theirs)
    if are_twins(here, there):
        return False
    return bool(same_version) or here.key == there.key or here.bare or there.bare


def _is_of_reference(baseline: FileState, namesakes: list[FileState]) -> bool:
    """Whether it comes of a list of many versions by bare names, as the NSRL's are: that a file is none of
    those proves nothing."""
    bare = {state.sha256 for state in namesakes if not state.version and not _has_folder(state.path)}
    return baseline.sha256 in bare and len(bare) > 1


def _baseline_of(group: Group, namesakes: list[FileState]) -> FileState | None:
    """Of several baselines of this name the one of the version and the path that the states claim."""
    versions = {agreement.version_key(c.state.version) for c in group.states if c.state.version}
    hashes = {c.state.sha256 for c in group.states if c.state.sha256}

    def fitness(baseline: FileState) -> tuple[bool, bool, bool]:
        return (
            agreement.version_key(baseline.version or "") in versions,
            place_of(baseline.path).key == place_of(group.path).key,
            baseline.sha256 in hashes,
        )

    return max(namesakes, key=fitness, default=None)
