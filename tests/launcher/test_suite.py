"""``make check`` finds the tests of a room, ``make test`` says what it does and for how long."""

from typing import Any

import pytest

from launcher import suite


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("cases/desk/queries.py", "tests/cases/desk/test_queries.py"),
        ("cases/desk/views.py", "tests/cases/desk"),
        ("uploads/custody", "tests/uploads/custody"),
        ("engine/parsers/evtx/records.py", "tests/engine/parsers/evtx"),
        ("engine/analyze.py", "tests/engine/test_analyze.py"),
        ("templates/cases/desk/list.html", "tests/cases/desk"),
        ("static/src/uploads/transfer/panel.js", "tests/uploads/transfer"),
        ("tests/mail/inbound/test_taking.py", "tests/mail/inbound/test_taking.py"),
    ],
)
def test_the_tests_of_a_file_are_those_of_its_room(file: str, tests: str) -> None:
    assert suite.tests_of([file]) == [tests, "tests/test_architecture.py"]


def test_a_stage_says_what_it_does_and_how_long_it_took_last_time(capfd: pytest.CaptureFixture[str]) -> None:
    known = {"Nothing": 125.0}
    assert suite.run(suite.Stage("Nothing", ("this",), 3), known)
    assert capfd.readouterr().out.startswith("Nothing (about 2 min)")
    assert known["Nothing"] < 125.0, "the next time it knows better"


def test_a_stage_that_fails_ends_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    stages = [suite.Stage("Wrong", ("no_such_module_here",), 1), suite.Stage("Never", ("this",), 1)]
    monkeypatch.setattr(suite, "stages", lambda files: stages)
    monkeypatch.setattr(suite, "DURATIONS", tmp_path / "durations.json")
    assert suite.main([]) == 1
    assert not (tmp_path / "durations.json").exists()


def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert suite.main(["cases/no_such.py"]) == 2
    assert "cases/no_such.py" in capsys.readouterr().err
