"""Rule files: a Sigma document, and beside it what the finding says in both languages.

Our own rules carry the key ``anjuan`` (see docs/rules.md); a rule of somebody else does not and
speaks with its title and description.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from engine.findings import Severity
from engine.rules import yaml_documents
from engine.text import LANGUAGES, Text, text

OWN = Path(__file__).parent / "windows"
MAX_SIZE = 1 << 20
# The most telling first: findings of one severity keep this order.
TOPICS = (
    "boot",
    "storage",
    "hardware",
    "services",
    "databases",
    "servers",
    "applications",
    "drivers",
    "integrity",
    "antivirus",
    "security",
    "installer",
    "updates",
    "network",
    "domain",
    "profiles",
    "encryption",
    "remote",
    "printing",
    "time",
    "activation",
    "tasks",
)
SENTENCES = ("title", "conclusion", "causes", "advice", "false_alarms")

# Somebody else's rule never outranks one that was written for support work.
_FOREIGN_SEVERITY = {"critical": Severity.MEDIUM, "high": Severity.LOW}


class RuleUnreadable(ValueError):
    """The file is no rule; the argument says why (English, for the engineer)."""


@dataclass(frozen=True)
class Variant:
    """Sentences in the place of the rule's where all cited events have one of these values in each field."""

    when: Mapping[str, tuple[str, ...]]
    sentences: dict[str, Any]

    def fits(self, events: Sequence[Mapping[str, str]]) -> bool:
        """Whether the sentences are true of these events, of which each is its fields."""
        return all(
            event.get(name, "").lower() in values for event in events for name, values in self.when.items()
        )


@dataclass(frozen=True)
class Rule:
    """One rule file. ``identity`` names the fields whose values tell two matches apart;
    ``signature`` those that make the same fault known on another machine, where they are others;
    matches not further apart than ``window`` seconds are one incident; from ``many`` matches
    on, ``many_severity`` holds. ``harmless``: patterns (``fnmatch``, lower case) of fields of the identity; a
    finding that fits all of one is what ``false_alarms`` speaks of. ``variants`` are tried in order."""

    id: str
    documents: Sequence[dict[str, Any]] = field(repr=False)
    title: Text
    conclusion: Text
    causes: Text
    advice: Text
    false_alarms: Text
    severity: Severity
    identity: tuple[str, ...] = ()
    signature: tuple[str, ...] | None = None
    window: int = 600
    many: int | None = None
    many_severity: Severity | None = None
    harmless: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    variants: tuple[Variant, ...] = ()
    references: tuple[str, ...] = ()
    own: bool = True
    fires: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    quiet: Sequence[Mapping[str, Any]] = field(default=(), repr=False)

    def of(self, events: Sequence[Mapping[str, str]]) -> "Rule":
        """The rule as it speaks of these events."""
        fitting = (variant for variant in self.variants if events and variant.fits(events))
        variant = next(fitting, None)
        return self if variant is None else replace(self, **variant.sentences)

    def bare(self) -> "Rule":
        """Without what a compiled rule needs no more."""
        return replace(self, documents=(), fires=(), quiet=())


def own_rules() -> list[Path]:
    """Our rule files, ordered by topic and name."""
    return [file for topic in TOPICS for file in sorted((OWN / topic).glob("*.yml"))]


def foreign_rules(folder: Path) -> list[Path]:
    """The rule files in a folder of the operator's and below it."""
    return sorted(file for file in folder.rglob("*") if file.suffix in {".yml", ".yaml"} and file.is_file())


def read_own(file: Path) -> Rule:
    """One of our rules. Raises ``RuleUnreadable``."""
    documents = _documents(file)
    for document in documents:
        if "anjuan" in document:
            return _own(file, documents, document)
    raise RuleUnreadable("the key anjuan is missing")


def read_foreign(file: Path) -> Rule:
    """A rule of somebody else: its title and description are its sentences. Raises ``RuleUnreadable``."""
    documents = _documents(file)
    main = next((document for document in documents if "correlation" in document), documents[-1])
    title = str(main.get("title") or file.stem)
    description = str(main.get("description") or title).strip()
    alarms = "; ".join(str(alarm) for alarm in _list(main.get("falsepositives"))) or "Unknown"
    return Rule(
        id=f"sigma-{file.stem}",
        documents=documents,
        title=text(title, title),
        conclusion=text(description, description),
        causes=text("", ""),
        advice=text(
            "这是外部 Sigma 规则的结果，请按规则说明核对所列记录。",
            "This comes from a Sigma rule of a third party; please check the records cited against its "
            "description.",
        ),
        false_alarms=text(alarms, alarms),
        severity=_FOREIGN_SEVERITY.get(str(main.get("level")), Severity.INFO),
        references=tuple(str(address) for address in _list(main.get("references"))),
        own=False,
    )


def _own(file: Path, documents: list[dict[str, Any]], main: dict[str, Any]) -> Rule:
    own = main["anjuan"]
    many = own.get("many") or {}
    try:
        sentences: dict[str, Any] = {
            name: text(*(str(own[language][name]).strip() for language in LANGUAGES)) for name in SENTENCES
        }
        return Rule(
            id=file.stem,
            documents=documents,
            **sentences,
            severity=Severity(own["severity"]),
            identity=tuple(own.get("identity") or ()),
            signature=None if (signature := own.get("signature")) is None else tuple(signature),
            window=int(own.get("window", 600)),
            many=many.get("count"),
            many_severity=Severity(many["severity"]) if many else None,
            harmless=tuple(_patterns(known) for known in own.get("harmless") or ()),
            variants=tuple(_variant(one) for one in own.get("variants") or ()),
            references=tuple(main.get("references") or ()),
            fires=own["fires"],
            quiet=own["quiet"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RuleUnreadable(f"{type(error).__name__}: {error}") from error


def _documents(file: Path) -> list[dict[str, Any]]:
    try:
        if file.stat().st_size > MAX_SIZE:
            raise RuleUnreadable("the file is larger than 1 MiB")
        with file.open("rb") as stream:
            documents = yaml_documents.documents(stream)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise RuleUnreadable(f"{type(error).__name__}: {error}") from error
    if not documents or not all(isinstance(document, dict) for document in documents):
        raise RuleUnreadable("it holds no Sigma document")
    return documents


def _patterns(known: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(str(each).lower() for each in _list(value)) for field, value in known.items()}


def _variant(one: Mapping[str, Any]) -> Variant:
    told = {
        name: text(*(str(one[language][name]).strip() for language in LANGUAGES))
        for name in SENTENCES
        if any(name in one[language] for language in LANGUAGES)
    }
    return Variant(_patterns(one["when"]), told)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
