"""Sigma rules on the event index: one analyzer for each rule file."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from msgspec import structs

from engine.analyzers import sigma_text as words
from engine.analyzers.beside import ports
from engine.analyzers.matched import cite, other_values
from engine.analyzers.sigma_text import Story
from engine.conclusions import citing, fingerprints
from engine.findings import Examined, Failed, Finding, NotExamined, Outcome, Severity
from engine.index.accounts import SID, account_of
from engine.index.event_record import EventRecord
from engine.index.patterns import TooCostly
from engine.material import Material
from engine.messages.describe import describe
from engine.phrases import counted, joined
from engine.rules.columns import SERVICE, every_name
from engine.rules.matching import Group, Matches, cited, match
from engine.rules.prepared import prepared
from engine.rules.reach import out_of_reach
from engine.rules.rule_files import Rule
from engine.text import Text, text
from engine.text_safety import legible

MAX_FINDINGS = 5
MAX_LIKELY = 100
"""Matches of which the commonest values stand in a fingerprint, where the identity has not all of them."""

_PLACE = re.compile(r"\{[^{}]*\}")


def examine(file: Path, own: bool, material: Material) -> Outcome:
    """Examines the events by the rule in ``file``; a rule that cannot be used is a failed one."""
    try:
        ready = prepared(file, own)
    except OSError as error:
        return Failed(f"{file.name}: {error}")
    rule, compiled = ready.rule, ready.compiled
    if rule is None or compiled is None:
        return words.unusable(file.name, ready.error)
    logs = material.events.logs_of(compiled.channels)
    if not logs:
        return NotExamined(words.missing(compiled.channels or []))
    material.events.told_by = partial(_told, material)
    try:
        matches = match(material.events, compiled, rule.window, material.machines, material.doubles)
    except TooCostly as error:
        return words.too_costly(file.name, str(error))
    if not own and not matches.groups and (reason := out_of_reach(material.events, compiled)) is not None:
        return NotExamined(words.unreachable(reason))
    names = compiled.window.group_by if compiled.window else rule.identity
    findings = [
        _finding(rule, tuple(names), material, matches, group) for group in matches.groups[:MAX_FINDINGS]
    ]
    if len(matches.groups) > MAX_FINDINGS:
        findings[-1] = _with_rest(findings[-1], matches)
    facts = [log for log in material.logs if log.artifact in logs]
    return Examined(
        tuple(findings),
        records=sum(log.records for log in facts),
        unreadable=sum(log.unreadable for log in facts),
    )


def _told(material: Material, record: EventRecord) -> Iterator[str]:
    """The message of an event in both languages."""
    described = describe(record, material.messages).text
    yield described["zh-hans"]
    yield described["en"]


def title(file: Path, own: bool) -> Text:
    """What the rule looks for, whoever or whatever it happens to: places for names read “…”."""
    try:
        rule = prepared(file, own).rule
    except OSError:
        rule = None
    if rule is None:
        return text(file.stem, file.stem)
    titles = (rule.title["zh-hans"], rule.title["en"])
    return text(*(_PLACE.sub("…", words.OPTIONAL.sub("", each) if own else each) for each in titles))


def _finding(
    rule: Rule, names: tuple[str, ...], material: Material, matches: Matches, group: Group
) -> Finding:
    seen = cite(material, matches, group)
    identity = dict(zip(names, group.label, strict=True))
    fields: dict[str, str] = {}
    rule = rule.of([{"EventID": str(event.event_id), **every_name(event)} for event in seen.events])
    for event in seen.events:
        fields |= {"Computer": event.computer or "", "Provider_Name": event.provider or ""}
        fields |= every_name(event)
    fields |= {name: value for name, value in identity.items() if value}
    fields |= _accounts(rule, fields, material)
    holders, lines = ports.beside(rule, fields, material)
    fields |= holders
    machine = group.machine if material.machines.several else ""
    others = other_values(seen.events, identity)
    story = Story(
        rule, fields, len(group), seen.event_ids, seen.logs, seen.bursts, material.zone, machine, others
    )
    harmless = _is_harmless(rule, identity)
    return Finding(
        rule=rule.id,
        severity=Severity.INFO if harmless else _severity(rule, len(group)),
        title=words.title(story),
        summary=joined([words.summary(story), rule.false_alarms]) if harmless else words.summary(story),
        advice=words.advice(story),
        evidence=(*seen.evidence, *lines),
        fingerprint=_fingerprint(rule, identity, material, matches, group),
        data=structs.replace(
            seen.facts,
            identity={name: legible(value) for name, value in identity.items()},
            meaning=words.meaning(story),
            causes=words.causes(story),
            false_alarms=rule.false_alarms,
            references=list(rule.references),
        ),
        gaps=seen.gaps,
        computer=group.machine,
        bursts=tuple(burst for burst in seen.bursts if burst.first),
        spells=tuple(spell for spell in seen.spells if spell.first),
        values=fields,
    )


def _accounts(rule: Rule, fields: Mapping[str, str], material: Material) -> dict[str, str]:
    """The names of the accounts that the sentences would tell by their SIDs, as far as the logs have them."""
    said = f"{rule.title['en']} {rule.conclusion['en']}"
    asked = {name: value for name, value in fields.items() if f"{{{name}}}" in said and SID.fullmatch(value)}
    named = {name: account_of(material.events, value) for name, value in asked.items()}
    return {name: account for name, account in named.items() if account}


def _fingerprint(
    rule: Rule, identity: dict[str, str], material: Material, matches: Matches, group: Group
) -> str:
    """By the fields that the rule names, without those that tell machines and people apart."""
    asked = identity if rule.signature is None else rule.signature
    fields = [name for name in asked if name.rpartition(".")[2] not in fingerprints.PERSONAL]
    values = [identity.get(name, "") for name in fields]
    if not set(fields) <= identity.keys():
        places = citing.selection(range(len(group)), MAX_LIKELY)
        counts: Counter[tuple[str, ...]] = Counter()
        for event in cited(material.events, group, places):
            known = {"EventID": str(event.event_id), **every_name(event), **identity}
            combination = tuple(known.get(name, "") for name in fields)
            counts[combination] += any(combination)
        commonest = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:1]
        values = [value for most_common, _ in commonest for value in most_common]
    parts = (
        fingerprints.service(value) if name == SERVICE else value
        for name, value in zip(fields, values, strict=False)
    )
    return fingerprints.fingerprint(rule.id, *parts)


def _is_harmless(rule: Rule, identity: dict[str, str]) -> bool:
    """Whether the rule knows of this very thing, or of every line of a list, that it does no harm."""

    def fits(name: str, patterns: tuple[str, ...]) -> bool:
        value = (identity.get(name) or "").lower()
        items = [item.strip() for item in value.splitlines() if item.strip()] or [""]
        return all(any(fnmatchcase(item, pattern) for pattern in patterns) for item in items)

    return any(all(fits(*entry) for entry in known.items()) for known in rule.harmless)


def _severity(rule: Rule, count: int) -> Severity:
    if rule.many is not None and rule.many_severity is not None and count >= rule.many:
        return rule.many_severity
    return rule.severity


def _with_rest(finding: Finding, matches: Matches) -> Finding:
    """Very many identities: the rest in a sentence, so that none goes untold."""
    rest = matches.groups[MAX_FINDINGS:]
    events = sum(map(len, rest)) + matches.left_out
    several = len({group.machine for group in matches.groups}) > 1
    named = [
        " / ".join(legible(part)[:60] for part in (group.machine * several, *group.label) if part) or "?"
        for group in rest[:10]
    ]
    zh, en = "、".join(named), ", ".join(named)
    if len(rest) > len(named) or matches.left_out:
        zh, en = f"{zh} 等", f"{en} and more"
    more = text(
        f"同类情况另有 {len(rest):,} 项，共 {events:,} 条事件：{zh}。",
        f"There {'is' if len(rest) == 1 else 'are'} {len(rest):,} more of this sort, "
        f"{counted(events, 'event')} in all: {en}.",
    )
    return replace(finding, summary=joined([finding.summary, more]))
