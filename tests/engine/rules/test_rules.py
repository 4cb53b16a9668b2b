"""Every rule of ours fires on its example and stays quiet on the other."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, Finding
from engine.rules.rule_files import Rule, own_rules, read_own
from tests.engine import rule_examples

FILES = own_rules()
named = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


def findings_of(rule: Rule, file: Path, examples: Sequence[Mapping[str, Any]], folder: Path) -> list[Finding]:
    material = rule_examples.material(folder, rule_examples.events(examples))
    with material.events:
        outcome = sigma.examine(file, True, material)
    assert isinstance(outcome, Examined), f"{file}: {outcome}"
    return list(outcome.findings)


@named
def test_it_fires_on_its_example(file: Path, tmp_path: Path) -> None:
    rule = read_own(file)
    findings = findings_of(rule, file, rule.fires, tmp_path)
    assert findings, f"{file}: the example under “fires” gives no finding"
    if not any("correlation" in document for document in rule.documents):
        counted = sum(finding.data.count or 0 for finding in findings)
        expected = len(rule_examples.events(rule.fires))
        assert counted == expected, (
            f"{file}: only {counted} of the {expected} events under “fires” are matched"
        )


@named
def test_its_sentences_are_whole(file: Path, tmp_path: Path) -> None:
    rule = read_own(file)
    for finding in findings_of(rule, file, rule.fires, tmp_path):
        causes = finding.data.causes
        assert causes is not None
        for sentence in (finding.title, finding.summary, causes, finding.advice):
            for language, wording in sentence.items():
                assert not re.search(r"\{\w+\}", str(wording)), f"{file}: {language}: {wording}"
                assert "（未记录）" not in str(wording), f"{file}: a field is not in the example: {wording}"
                assert "(not recorded)" not in str(wording), (
                    f"{file}: a field is not in the example: {wording}"
                )


@named
def test_it_stays_quiet_on_its_other_example(file: Path, tmp_path: Path) -> None:
    rule = read_own(file)
    findings = findings_of(rule, file, rule.quiet, tmp_path)
    assert not findings, f"{file}: the example under “quiet” gives {findings[0].title['en']}"
