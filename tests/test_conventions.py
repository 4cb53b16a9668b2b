"""Conventions of the project that a test can hold; each failure names the file."""

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.conclusions.fingerprints import PERSONAL
from engine.rules.rule_files import OWN, SENTENCES, TOPICS, own_rules, read_own
from engine.text import LANGUAGES

RULES = own_rules()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MIN_RULES = 80


ROOT = Path(__file__).resolve().parent.parent
OF_PORTAL = ("jobs", "accounts", "cases", "config", "uploads", "analysis", "mail", "demo")
TIMES = ROOT / "cases" / "times.py"
TELLS_TIME = re.compile(r":%[YmdHM](?![^}\n]*Z\})|\bstrftime\(|\blocal(time|date)\(|\.date\(\)")
"""A moment that becomes a day or a clock, if not in UTC with its Z."""
TEXT_SAFETY = ROOT / "engine" / "text_safety.py"
CLEANS_TEXT = re.compile(
    r"\.isprintable\(|\bunicodedata\.category|import .*\bcategory\b"
    r"|\[[^]\n]*\\x0[01]-|\\u20(0b|2a|66)-|\\ud800-"
)
"""Which characters are fit to be shown, decided one by one or by a class of a regular expression."""
CLEANS_NOTHING = {
    "analysis/reports/glyphs.py": "what one face draws together; the rest is written out, nothing is hidden",
    "engine/parsers/evtx/reread.py": "what a second reader's XML cannot hold is left out to compare the two",
    "uploads/collector/options.py": "the grammar of Windows paths, which refuses",
}


def every_rule() -> Any:
    return pytest.mark.parametrize("file", RULES, ids=[file.stem for file in RULES])


def test_there_are_rules_enough_for_support_work() -> None:
    assert len(RULES) >= MIN_RULES


def test_every_rule_file_stands_in_the_folder_of_a_topic() -> None:
    strays = sorted(set(OWN.rglob("*.y*ml")) - set(RULES))
    assert not strays, f"{strays[0]}: move it to a folder named in TOPICS ({', '.join(TOPICS)}), as .yml"


def test_no_two_rules_share_an_id_or_a_name() -> None:
    seen: dict[str, Path] = {}
    for file in RULES:
        for name in (file.stem, *(str(document["id"]) for document in read_own(file).documents)):
            assert name not in seen, f"{file}: {name} is taken by {seen[name]}"
            seen[name] = file


@every_rule()
def test_every_rule_speaks_both_languages(file: Path) -> None:
    rule = read_own(file)
    for name in SENTENCES:
        text = getattr(rule, name)
        for language in LANGUAGES:
            assert text[language], f"{file}: {name} is missing in {language}"
        assert CHINESE.search(text["zh-hans"]), f"{file}: {name} in zh-hans is not Chinese"
        assert not CHINESE.search(text["en"]), f"{file}: {name} in en is Chinese"
        fields = [sorted(set(re.findall(r"\{[^}]+\}", text[language]))) for language in LANGUAGES]
        assert fields[0] == fields[1], f"{file}: {name} names other fields in Chinese than in English"


@every_rule()
def test_every_rule_says_in_a_sentence_when_it_is_wrong(file: Path) -> None:
    text = read_own(file).false_alarms
    assert text["zh-hans"].endswith("。"), f"{file}: false_alarms in zh-hans is no sentence"
    assert text["en"].endswith("."), f"{file}: false_alarms in en is no sentence"


@every_rule()
def test_every_rule_ships_an_example_that_fires_and_one_that_stays_quiet(file: Path) -> None:
    rule = read_own(file)
    assert rule.fires, f"{file}: add an example under “fires”"
    assert rule.quiet, f"{file}: add an example under “quiet”"


@every_rule()
def test_every_rule_names_a_public_source_and_ids(file: Path) -> None:
    rule = read_own(file)
    assert rule.references, f"{file}: add a public source under “references”"
    for address in rule.references:
        assert re.match(r"https://[\w.-]+/\S+$", address), f"{file}: {address} is no public address"
    for document in rule.documents:
        assert UUID(str(document["id"])), f"{file}: a document has no id"
        assert document.get("title"), f"{file}: a document has no title"


@every_rule()
def test_no_fingerprint_holds_a_machine_a_person_or_a_moment(file: Path) -> None:
    rule = read_own(file)
    for name in rule.signature or ():
        assert name.rpartition(".")[2] not in PERSONAL, f"{file}: {name} cannot stand under “signature”"
    grouped = [
        set(document["correlation"].get("group-by", ()))
        for document in rule.documents
        if "correlation" in document
    ]
    asked = set(rule.identity).union(*grouped)
    if rule.signature is None and asked:
        fields = [name for name in asked if name.rpartition(".")[2] not in PERSONAL]
        assert fields, (
            f"{file}: name the fields of the fault under “signature”, or say [] when there are none"
        )


def test_days_and_clocks_are_told_in_one_place() -> None:
    files = [file for package in OF_PORTAL for file in sorted((ROOT / package).rglob("*.py"))]
    assert TIMES in files and TELLS_TIME.search(TIMES.read_text("utf-8"))
    for file in files:
        if file != TIMES and "migrations" not in file.relative_to(ROOT).parts:
            match = TELLS_TIME.search(file.read_text("utf-8"))
            assert not match, f"{file}: {match and match.group()}: say it by a function of cases/times.py"


def test_text_of_strangers_is_cleaned_in_one_place() -> None:
    rooms = (*OF_PORTAL, "engine", "launcher", "benchmarks")
    files = [file for package in rooms for file in sorted((ROOT / package).rglob("*.py"))]
    cleaning = {str(file.relative_to(ROOT)) for file in files if CLEANS_TEXT.search(file.read_text("utf-8"))}
    assert str(TEXT_SAFETY.relative_to(ROOT)) in cleaning
    strays = cleaning - CLEANS_NOTHING.keys() - {str(TEXT_SAFETY.relative_to(ROOT))}
    assert not strays, f"{sorted(strays)}: use a function of engine/text_safety.py, or give it one"
    assert CLEANS_NOTHING.keys() <= cleaning, "an exception that is none any more"
