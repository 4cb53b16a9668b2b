"""What the operator's YARA rules found: one finding for each rule, with the files that fulfil it."""

from collections.abc import Mapping

from engine.artifacts import Artifact
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Failed, Finding, NotExamined, Outcome, Severity
from engine.phrases import joined
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import Text, text
from engine.text_safety import legible
from engine.yara_scan import Match, Place, RuleFile, Scan

RULE = "yara"
MAX_EVIDENCE = 20
MAX_NAMED = 5
REFERENCES = {"reference", "references", "ref", "url", "link"}
DESCRIPTIONS = {"description", "desc", "comment"}


def title(file: RuleFile) -> Text:
    """Which file of rules, and how many."""
    return text(f"YARA 规则 {file.name}（{file.rules:,} 条）", f"YARA rules of {file.name} ({file.rules:,})")


def examine(file: RuleFile, scan: Scan) -> Outcome:
    """The findings of the rules of one file."""
    if not scan.scanned and not scan.unread:
        return NotExamined(text("材料中没有可扫描的文件。", "The bundle holds no file that can be scanned."))
    findings = tuple(
        _finding(matches, scan.counts[rule]) for rule, matches in scan.matches.items() if rule[0] == file.name
    )
    return Examined(findings, records=scan.scanned, unreadable=len(scan.unread))


def unusable(file: RuleFile) -> Outcome:
    """Those rules of a file that do not compile, and why."""
    return Failed(f"{file.name}: {'; '.join(file.errors)}")


def unread(scan: Scan) -> Outcome:
    """The files that were not scanned."""
    reasons = [(legible(path), why) for path, why in scan.unread]
    named = [text(f"{name}：{why['zh-hans']}", f"{name}: {why['en']}") for name, why in reasons]
    if len(named) > MAX_NAMED:
        more = len(named) - MAX_NAMED
        named[MAX_NAMED:] = [text(f"另有 {more:,} 个文件。", f"{more:,} more files.")]
    return NotExamined(joined(named))


def _finding(matches: list[tuple[Artifact, Match]], count: int) -> Finding:
    first = matches[0][1]
    meta = dict(first.meta)
    named = [legible(artifact.path) for artifact, _ in matches[:MAX_NAMED]]
    zh, en = "、".join(named), ", ".join(named)
    if count > MAX_NAMED:
        zh, en = f"{zh} 等", f"{en} and more"
    description = _of(meta, DESCRIPTIONS)
    return Finding(
        rule=f"yara-{first.rule}",
        severity=Severity.MEDIUM,
        title=text(
            f"YARA 规则 {first.rule} 命中 {count:,} 个文件",
            f"YARA rule {first.rule} matches {count:,} {'file' if count == 1 else 'files'}",
        ),
        summary=joined(
            [
                text(
                    f"规则文件 {first.namespace} 中的规则 {first.rule} 命中：{zh}。",
                    f"The rule {first.rule} of {first.namespace} matches {en}.",
                ),
                *(
                    [text(f"规则说明：“{description}”。", f"The rule says: “{description}”.")]
                    if description
                    else []
                ),
            ]
        ),
        advice=text(
            "这是自备 YARA 规则的结果。请按规则说明核对所列文件；确认有害时，隔离文件并全面查杀整机。",
            "This comes from a YARA rule that your own house added. Please check the files and places cited "
            "against its description; where it proves harmful, isolate the file and scan the whole machine.",
        ),
        evidence=tuple(
            Evidence(artifact.path, artifact.sha256, locator, excerpt)
            for artifact, match in matches
            for locator, excerpt in _places(match)
        )[:MAX_EVIDENCE],
        fingerprint=fingerprint("yara", first.namespace, first.rule),
        data=Facts(
            rule=first.rule,
            namespace=first.namespace,
            tags=list(first.tags),
            meta=meta,
            references=[value for name, value in first.meta if name.casefold() in REFERENCES],
            count=count,
            files=[{"artifact": artifact.path, "sha256": artifact.sha256} for artifact, _ in matches],
        ),
    )


def _places(match: Match) -> list[tuple[Locator, str]]:
    """Locator and excerpt of each place; a rule without patterns holds of the file as a whole."""
    return [
        (Locator(offset=place.offset, length=place.length, pattern=place.pattern), _hexadecimal(place))
        for place in match.places
    ] or [(Locator(), match.rule)]


def _hexadecimal(place: Place) -> str:
    letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in place.data)
    more = "…" if place.length > len(place.data) else ""
    return f"{place.pattern} = {place.data.hex(' ').upper()}{more}  {letters}{more}"


def _of(meta: Mapping[str, str], names: set[str]) -> str:
    return next((legible(value) for name, value in meta.items() if name.casefold() in names), "")
