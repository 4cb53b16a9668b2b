"""The operator's YARA rules on the files of a bundle, by YARA-X in the sandbox.

The package yara-x is optional; without it, or without a rule, the scan says what is missing.
Source: YARA-X, "Writing rules" and its Python API (virustotal.github.io/yara-x/docs).
"""

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.artifacts import Artifact
from engine.sandbox.sandbox import Emit, OutOfTime, Sandbox, SandboxBroken, Stopped
from engine.sandbox.wire import JobFailed, refusing
from engine.text import Text, text
from engine.unpacking.entry_names import shown

if TYPE_CHECKING:
    import yara_x

ENDINGS = {".yar", ".yara"}
MAX_RULES_BYTES = 8 << 20
MAX_FILE_BYTES = 4 << 30
MAX_SECONDS = 30
"""For one file."""

MAX_ERRORS = 5
MAX_MATCHES = 500
MAX_FILES = 200
MAX_PLACES = 12
MAX_PER_PATTERN = 4
"""Places told of one pattern in one file, of which a match lists ``MAX_PLACES`` in all."""

MAX_DATA_BYTES = 32
MAX_LENGTH = 1_000


@dataclass(frozen=True)
class RuleFile:
    """A file of rules: how many are used, and why others of it, or all, are not."""

    name: str
    rules: int
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a pattern matched: ``offset`` and ``length`` in bytes, the first bytes of it."""

    pattern: str
    offset: int
    length: int
    data: bytes


@dataclass(frozen=True)
class Match:
    """A rule that a file fulfils. ``namespace`` is the rule file's name; ``meta`` as the rule has it."""

    rule: str
    namespace: str
    tags: tuple[str, ...]
    meta: tuple[tuple[str, str], ...]
    places: tuple[Place, ...]


@dataclass
class Scan:
    """What came of it. ``matches`` are by rule file and rule, ``MAX_FILES`` each; ``counts`` how many
    there were; ``unread`` names files that were not scanned and why; ``missing`` is what kept all of
    it from happening."""

    files: list[RuleFile] = field(default_factory=list)
    matches: dict[tuple[str, str], list[tuple[Artifact, Match]]] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    scanned: int = 0
    unread: list[tuple[str, Text]] = field(default_factory=list)
    missing: Text | None = None

    def add(self, artifact: Artifact, matches: list[Match]) -> None:
        """What the rules found in one file."""
        self.scanned += 1
        for match in matches:
            rule = (match.namespace, match.rule)
            self.counts[rule] += 1
            if self.counts[rule] <= MAX_FILES:
                self.matches.setdefault(rule, []).append((artifact, match))


class NotInstalled(Exception):
    """The package yara-x is not there."""


class TooSlow(Exception):
    """The rules took longer for one file than is allowed."""


# -- In the child -----------------------------------------------------------------------

_ready: list[tuple[list[RuleFile], "yara_x.Scanner"]] = []


@refusing(NotInstalled)
def compile_rules(emit: Callable[[str], None], sources: list[tuple[str, str]]) -> list[RuleFile]:
    """Makes the rules of all files (name, content) ready for ``scan``. Raises ``NotInstalled``."""
    try:
        import yara_x
    except ImportError as error:
        raise NotInstalled(str(error)) from error
    compiler, errors = yara_x.Compiler(relaxed_re_syntax=True, includes_enabled=False), {}
    for name, content in sources:
        emit(name)
        before = len(compiler.errors())
        compiler.new_namespace(name)
        with suppress(yara_x.CompileError):  # those rules of the file that stand are in
            compiler.add_source(content)
        errors[name] = compiler.errors()[before : before + MAX_ERRORS]
    rules = compiler.build()
    counts = Counter(rule.namespace for rule in rules)
    files = [RuleFile(name, counts[name], tuple(map(_error, errors[name]))) for name, _ in sources]
    scanner = yara_x.Scanner(rules)
    scanner.set_timeout(MAX_SECONDS)
    scanner.max_matches_per_pattern(MAX_PER_PATTERN)
    _ready[:] = [(files, scanner)]
    return files


def _error(error: Mapping[str, Any]) -> str:
    return f"line {error.get('line')}: {error.get('title')}"[:MAX_LENGTH]


def compiled(emit: Emit) -> list[RuleFile]:
    """What ``compile_rules`` returned, which ran as a preparation."""
    return _ready[-1][0]


@refusing(TooSlow)
def scan(emit: Emit, file: Path) -> list[Match]:
    """The rules that the file fulfils; raises ``TooSlow``, ``OSError``."""
    import yara_x

    try:
        results = _ready[-1][1].scan_file(str(file))
    except yara_x.TimeoutError as error:
        raise TooSlow(str(error)) from error
    with file.open("rb") as stream:
        return [_match(rule, stream) for rule in list(results.matching_rules)[:MAX_MATCHES]]


def _match(rule: Any, stream: Any) -> Match:
    places: list[Place] = []
    for pattern in rule.patterns:
        for at in list(pattern.matches)[: MAX_PLACES - len(places)]:
            stream.seek(at.offset)
            data = stream.read(min(at.length, MAX_DATA_BYTES))
            places.append(Place(pattern.identifier, at.offset, at.length, data))
    meta = tuple((name[:MAX_LENGTH], str(value)[:MAX_LENGTH]) for name, value in rule.metadata[:20])
    return Match(rule.identifier, rule.namespace, tuple(rule.tags[:20]), meta, tuple(places))


# -- Here -------------------------------------------------------------------------------

NOT_INSTALLED = text(
    "已设置 YARA 规则文件夹，但未安装 yara-x。请管理员执行 pip install --require-hashes "
    "-r requirements-yara.txt，然后重新分析。",
    "A folder of YARA rules is set, but yara-x is not installed. Ask the administrator to run pip install "
    "--require-hashes -r requirements-yara.txt, then analyse again.",
)
TOO_LARGE = text("文件超过 4 GiB，未用 YARA 规则扫描。", "Larger than 4 GiB; YARA did not scan it.")
TOO_SLOW = text(
    f"YARA 规则在此文件上运行超过 {MAX_SECONDS} 秒，已停止。",
    f"The YARA rules took more than {MAX_SECONDS} s for this file and were stopped.",
)
OUT_OF_TIME = text(
    "分析时间已用完，未用 YARA 规则扫描。请把材料分成几次上传，或联系管理员延长分析时间。",
    "The time for this analysis was used up before the YARA rules. Please upload in several parts, or ask "
    "the administrator for more time.",
)
UNREADABLE = text("文件无法读取。", "The file cannot be read.")


def scan_all(
    folder: Path, artifacts: list[Artifact], sandbox: Sandbox, on_message: Callable[[str], None]
) -> Scan:
    """Scans every file that lies on this machine; ``on_message`` is told the name of the one in work.

    The sandbox is this scan's alone. A file at which it breaks is named and costs nothing else.
    """
    result = Scan()
    if not folder.is_dir():
        zh, en = f"没有 YARA 规则文件夹 {folder}。", f"The folder of YARA rules {folder} does not exist."
        result.missing = text(zh, en)
        return result
    sources, result.files = _sources(folder)
    if not sources:
        result.missing = text(
            f"文件夹 {folder} 中没有可用的 YARA 规则（.yar、.yara）。",
            f"The folder {folder} holds no YARA rules that can be used (.yar, .yara).",
        )
        return result
    sandbox.prepare.append((compile_rules, (sources,)))
    try:
        result.files = sandbox.call(compiled) + result.files
    except NotInstalled:
        result.missing = NOT_INSTALLED
    except OutOfTime:
        result.missing = OUT_OF_TIME
    except (Stopped, SandboxBroken, JobFailed) as error:
        result.missing = text(
            f"YARA 规则无法编译（{error}）。", f"The YARA rules cannot be compiled ({error})."
        )
    else:
        for artifact in artifacts:
            if artifact.size and artifact.file != Path(os.devnull):
                on_message(artifact.path)
                _scan_one(artifact, sandbox, result)
    return result


def _scan_one(artifact: Artifact, sandbox: Sandbox, result: Scan) -> None:
    why = TOO_LARGE
    if artifact.size <= MAX_FILE_BYTES:
        try:
            matches: list[Match] = sandbox.call(scan, artifact.file, size=artifact.size)
        except TooSlow:
            why = TOO_SLOW
        except Stopped as stopped:
            why = stopped.sentence
        except (OSError, JobFailed, SandboxBroken):
            why = UNREADABLE
        else:
            result.add(artifact, matches)
            return
    result.unread.append((artifact.path, why))


def _sources(folder: Path) -> tuple[list[tuple[str, str]], list[RuleFile]]:
    """The rule files' names and contents, and those that cannot be read."""
    sources, refused = [], []
    for file in sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file()):
        name = shown(file.relative_to(folder).as_posix())
        try:
            if file.stat().st_size > MAX_RULES_BYTES:
                raise ValueError(f"the file is larger than {MAX_RULES_BYTES >> 20} MiB")
            sources.append((name, file.read_bytes().decode("utf-8-sig", "replace")))
        except (OSError, ValueError) as error:
            refused.append(RuleFile(name, 0, (str(error),)))
    return sources, refused
