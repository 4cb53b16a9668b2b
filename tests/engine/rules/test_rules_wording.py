"""How the findings of every rule read: with values known and not, once and often, in both languages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.analyzers import sigma, sigma_text
from engine.analyzers.sigma_text import Story
from engine.findings import Examined, Finding
from engine.rules.prepared import prepared
from engine.rules.rule_files import SENTENCES, Rule, own_rules
from engine.text import LANGUAGES, Text, text
from tests.engine import rule_examples
from tests.engine.wording import differences, faults

FILES = own_rules()
MANY = 7
LONGEST_TITLE = {"zh-hans": 40, "en": 80}
PLACE = re.compile(r"\{([^{}|]+)(?:\|([a-z0-9_]+))?\}")
OPTIONAL = re.compile("[<>]")
ASKS = {
    "zh-hans": re.compile("请|无需|可不|[先再须应]|确认"),
    "en": re.compile(
        r"\b(?:add|allow|archive|ask|back up|bring|check|clean|clear|close|collect|compare|confirm|correct"
        r"|disable|disconnect|enlarge|enter|exclude|find|free|give|go by|install|judge|let|look|make|match"
        r"|mend|move|print|needs? nothing|nothing needs|raise|read|rebuild|reinstall|remove|repair|replace"
        r"|restart|restore|roll|run|save|scan|search|see|send|set|start|stop|tell|test|treat|type|update"
        r"|use|verify)\b",
        re.IGNORECASE,
    ),
}
START = 1_760_000_000.0
MOMENTS = {
    "once": (1, [(START, START, 1)]),
    "twice at one moment": (2, [(START, START, 2)]),
    "twice": (2, [(START, START, 1), (START + 9e4, START + 9e4, 1)]),
    "a thousand times": (1000, [(START, START + 60, 600), (START + 9e4, START + 9e4 + 60, 400)]),
    "a thousand times in many bursts": (
        1000,
        [(START + n * 9e4, START + n * 9e4 + 5, 125) for n in range(8)],
    ),
    "without a time": (2, [(0.0, 0.0, 2)]),
}
LOGS = (["System.evtx"], ["System.evtx", "Application.evtx"], [f"{number}.evtx" for number in range(MANY)])


@cache
def rule_of(file: Path) -> Rule:
    rule = prepared(file, True).rule
    assert rule is not None, file
    return rule


def ways(rule: Rule) -> list[Rule]:
    """The rule, and as it speaks of each code that turns its meaning."""
    return [rule, *(replace(rule, **variant.sentences) for variant in rule.variants)]


def values(rule: Rule, how_many: int, code: str) -> dict[str, str]:
    """As many values for each place of the rule's sentences, a line each; ``code`` where it is a number's."""
    places = {
        place
        for name in SENTENCES
        for language in LANGUAGES
        for place in PLACE.findall(getattr(rule, name)[language])
    }
    names = [f"Contoso{number}.exe" for number in range(how_many)]
    return {name: "\n".join(names) if not label else code if how_many else "" for name, label in places} | {
        "Provider_Name": "Contoso" * bool(how_many)
    }


def told(story: Story) -> Iterator[tuple[str, Text]]:
    yield "title", sigma_text.title(story)
    yield "summary", sigma_text.summary(story)
    yield "meaning", sigma_text.meaning(story)
    yield "causes", sigma_text.causes(story)
    yield "advice", sigma_text.advice(story)
    yield "false_alarms", story.rule.false_alarms


def stories(rule: Rule) -> Iterator[tuple[str, Story]]:
    zone = ZoneInfo("Asia/Shanghai")
    once = [(START, START, 1)]
    for how_many, code in product((0, 1, 2, MANY), ("5", "0x80070005", "0x8765CAFE")):
        yield (
            f"{how_many} values, code {code}",
            Story(rule, values(rule, how_many, code), 1, [7], ["System.evtx"], once, zone),
        )


def counts(rule: Rule) -> Iterator[tuple[str, Story]]:
    zone, known = ZoneInfo("Asia/Shanghai"), values(rule, 1, "5")
    for (name, (count, incidents)), logs, ids in product(MOMENTS.items(), LOGS, ([], [7], [*range(MANY)])):
        which = f"{name}, {len(logs)} logs, {len(ids)} ids"
        yield which, Story(rule, known, count, ids, logs, incidents, zone, "PC-7")


@cache
def faults_of(sentence: str, language: str, is_title: bool) -> tuple[str, ...]:
    return tuple(faults(sentence, language, is_title=is_title))


def wrong(what: str, both: Text) -> Iterator[str]:
    for language in LANGUAGES:
        for fault in faults_of(str({**both}[language]), language, what == "title"):
            yield f"{what}, {language}: {fault}"


def looked_for(detection: Any) -> Iterator[str]:
    """The texts that a rule looks for, as far as they are texts."""
    for part in detection.values() if isinstance(detection, dict) else detection:
        if isinstance(part, dict | list):
            yield from looked_for(part)
        elif isinstance(part, str) and part.strip("*"):
            yield part.strip("*").casefold()


def varied(event: Mapping[str, Any], rule: Rule, number: int) -> dict[str, Any]:
    """The event a day later each time, with another name for each text that the rule does not look for."""
    texts = {text for document in rule.documents for text in looked_for(document.get("detection", {}))}

    def other(value: Any) -> Any:
        free = isinstance(value, str) and not any(text in value.casefold() for text in texts)
        return f"Contoso{number}.exe" if free and re.search("[ \u4e00-\u9fff]", value) else value

    data = event.get("data")
    if isinstance(data, dict):
        data = {name: other(value) for name, value in data.items()}
    elif isinstance(data, list):
        data = [other(value) for value in data]
    return {**event, "data": data, "at": event["at"] + number * 86_400.0}


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Finding]]:
    """What every rule finds in its example, and in the same seven times over."""
    folder = tmp_path_factory.mktemp("wording")
    found: dict[str, list[Finding]] = {}
    for times in (1, MANY):
        events = [
            varied(event, rule_of(file), number)
            for file in FILES
            for event in rule_examples.events(rule_of(file).fires)
            for number in range(times)
        ]
        (folder / str(times)).mkdir()
        material = rule_examples.material(folder / str(times), events)
        with material.events:
            for file in FILES:
                outcome = sigma.examine(file, True, material)
                assert isinstance(outcome, Examined), f"{file}: {outcome}"
                found.setdefault(file.stem, []).extend(outcome.findings)
    return found


def test_every_finding_reads_well(findings: Mapping[str, list[Finding]]) -> None:
    said = []
    for file in FILES:
        assert findings[file.stem], file
        for finding in findings[file.stem]:
            data = finding.data
            assert data.meaning and data.causes and data.false_alarms and finding.gaps
            sentences = {
                "title": finding.title,
                "summary": finding.summary,
                "advice": finding.advice,
                "gaps": finding.gaps,
                "meaning": data.meaning,
                "causes": data.causes,
                "false_alarms": data.false_alarms,
            }
            said += [
                f"{file}: {fault}"
                for what, both in sentences.items()
                for fault in wrong(what, both)
                if "a Latin word" not in fault
            ]
    assert not said, "\n".join(sorted(set(said)))


def test_every_rule_reads_well_whatever_it_knows() -> None:
    said: dict[str, str] = {}
    for file in FILES:
        told_of = [story for rule in ways(rule_of(file)) for story in stories(rule)]
        for which, story in (*told_of, *(counts(rule_of(file)) if file is FILES[0] else ())):
            for what, both in told(story):
                for fault in wrong(what, both):
                    said.setdefault(f"{file}: {fault}", which)
    assert not said, "\n".join(f"{fault} ({which})" for fault, which in said.items())


def of_rule(rule: Rule) -> Iterator[str]:
    """What is wrong with the sentences of a rule side by side."""
    for name in SENTENCES:
        yield from differences(getattr(rule, name))
    for language, longest in LONGEST_TITLE.items():
        title, conclusion, advice = (
            str({**each}[language]) for each in (rule.title, rule.conclusion, rule.advice)
        )
        if len(OPTIONAL.sub("", PLACE.sub("", title))) > longest:
            yield f"a title of more than {longest} characters: {title}"
        if conclusion.startswith(title):
            yield f"the conclusion begins with the title again: {title}"
        if not ASKS[language].search(advice):
            yield f"advice that asks for nothing: {advice}"


def test_every_rule_tells_the_same_in_both_languages_and_nothing_twice() -> None:
    said = [f"{file}: {fault}" for file in FILES for rule in ways(rule_of(file)) for fault in of_rule(rule)]
    assert not said, "\n".join(said)


@pytest.mark.parametrize(
    ("begins", "name", "said"),
    [
        ("{Subject} reset it", "admmig", "admmig reset it."),
        ("{Subject} reset it", "li (home)", "li (home) reset it."),
        ("<{Subject} and >the rest failed", "svc", "svc and the rest failed."),
        ("<{Subject} and >the rest failed", "", "The rest failed."),
        ("{Subject|win32} is what it says", "5", "5 (access is denied) is what it says."),
        ("{Subject|yes_no} is what it says", "1", "Yes is what it says."),
        ("the account is locked", "the", "The account is locked."),
    ],
)
def test_a_name_at_the_start_of_a_sentence_stays_as_it_is(begins: str, name: str, said: str) -> None:
    rule = replace(rule_of(FILES[0]), conclusion=text("句子。", begins))

    story = Story(rule, {"Subject": name}, 1, [1], ["System.evtx"], [(START, START, 1)], ZoneInfo("UTC"))

    assert sigma_text.meaning(story)["en"] == said
