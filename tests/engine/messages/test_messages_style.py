"""How our messages read: each rendered with all of its values, with none, in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from engine.messages import data_files, fields, labels, parameters
from engine.messages.catalogue import Entry, catalogue
from engine.messages.sentence import EVERYTHING
from engine.messages.values import Value, Values, plain_name
from engine.text import LANGUAGES

HAN = "\u4e00-\u9fff"
SAMPLE = "7"
FAULTS = {
    "a doubled stop": re.compile(r"。。|(?<!\.)\.\.(?!\.)|。\.|\.。|，，|；；|, ,|;;"),
    "a blank between Chinese characters": re.compile(rf"[{HAN}] +[{HAN}]"),
    "a blank beside a Chinese mark": re.compile(r" [，。；：、（）]|[，。；：、（] "),
    "two blanks": re.compile(r"(?<=\S)  +"),
    "a place that was not filled": re.compile(r"[{}]|\[\[|\]\]"),
    "half of a pair": re.compile(r"“[^”]*$|^[^“]*”|（[^）]*$|\([^)]*$"),
    "a blank before a mark": re.compile(r"\w [,.;:](?:\s|$)"),
}
LATIN_WORD = re.compile(r"(?<![\w./\\-])[a-z]{3,}(?![\w./\\-])")
NAMES = {"application", "chkdsk", "dam", "lsass", "kbps", "ntds"}
"""What Windows itself writes in small letters."""


def rendered(entry: Entry, language: str, values: Values) -> str:
    resolve = parameters.resolver(entry.provider, language)
    return entry.message(values, language, resolve)


def sample(entry: Entry) -> Values:
    """A value for each place: by name, or as many values as the highest position asks for."""
    names = [name for slot in entry.texts["en"].slots() for name in re.split(r"[/\\]", slot.name)]
    named = dict.fromkeys(name for name in names if not (name.isdecimal() or name == EVERYTHING))
    told = [Value(name.rpartition(".")[2], SAMPLE, name.rpartition(".")[0]) for name in named]
    highest = max((int(name) for name in names if name.isdecimal()), default=1)
    return Values((*told, *(Value(None, SAMPLE) for _ in range(highest - len(told)))))


def messages(language: str) -> Iterator[tuple[str, str, str]]:
    for entry in catalogue().entries:
        name = f"{entry.file}: {entry.provider} {entry.event_id}"
        yield name, "all values", rendered(entry, language, sample(entry))
        yield name, "no values", rendered(entry, language, Values(()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_reads_well_with_all_values_and_with_none(language: str) -> None:
    wrong = [
        (name, which, fault, message)
        for name, which, message in messages(language)
        for fault, pattern in FAULTS.items()
        for line in message.splitlines()
        if pattern.search(line)
    ]
    assert wrong == []


def test_a_chinese_message_has_no_latin_words_but_names() -> None:
    wrong = {
        (f"{entry.file}: {entry.provider} {entry.event_id}", word)
        for entry in catalogue().entries
        for word in LATIN_WORD.findall(entry.texts["zh-hans"].words())
        if word not in NAMES
    }
    assert wrong == set()


def test_every_place_takes_the_value_of_its_name() -> None:
    wrong = []
    for entry in catalogue().entries:
        said = [rendered(entry, language, sample(entry)) for language in LANGUAGES]
        slots = list(entry.texts["en"].slots())
        if any("–" in message or (slots and SAMPLE not in message) for message in said):
            wrong.append((entry.file, entry.provider, entry.event_id))
    assert wrong == []


def test_every_field_has_a_name_in_both_languages_and_a_label_that_there_is() -> None:
    for row in data_files.rows("fields-*.csv"):
        assert row["field"] and row["zh"] and row["en"], row
        assert not row["label"] or row["label"] in labels.names(), row
    names = [plain_name(row["field"]) for row in data_files.rows("fields-*.csv")]
    assert len(names) == len(set(names)) == len(fields.table())


def test_every_name_and_flag_is_a_pair_of_words() -> None:
    tables: dict[str, dict[Any, Any]] = {**data_files.names(), **data_files.flags()}
    for table, texts in tables.items():
        for key, wording in texts.items():
            words = [wording] if isinstance(wording, str) else wording
            assert all(isinstance(word, str) and word for word in words), (table, key)
            assert len(words) in {1, 2} and key == (key.casefold() if isinstance(key, str) else key)
