"""What every registered parser and archive format keeps to; each failure names the one that does not."""

import inspect
import re
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from engine.artifacts import OTHER
from engine.parsers.parser import Parser
from engine.parsers.registry import PARSERS, kind_of, label_of
from engine.parsers.sample import HEAD_BYTES, Sample
from engine.sandbox.jobs import Unpacked
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.formats import FORMATS, format_of
from engine.unpacking.identify import identify
from tests.engine import archive_writers
from tests.fuzz.parsers import PARSERS as FUZZED
from tests.fuzz.seeds import other_archives

ROOT = Path(__file__).resolve().parents[3]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
every_parser = pytest.mark.parametrize("parser", PARSERS.values(), ids=PARSERS)
every_format = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


def examples(kind: str) -> list[bytes]:
    """The whole files that the fuzzing of this kind begins from."""
    return [seed for fuzzed in FUZZED.values() if fuzzed.kind == kind for seed in fuzzed.seeds()]


@every_parser
def test_every_parser_names_a_public_source_of_its_format(parser: Parser) -> None:
    for source in parser.source.split():
        is_ours = source.startswith("docs/formats/") and (ROOT / source).is_file()
        assert is_ours or re.match(r"https://[\w.-]+/\S+$", source), f"{parser.kind}: {source}"


@every_parser
def test_every_parser_has_a_label_in_both_languages(parser: Parser) -> None:
    assert CHINESE.search(parser.label["zh-hans"]), parser.kind
    assert parser.label["en"] and not CHINESE.search(parser.label["en"]), parser.kind
    assert label_of(parser.kind) == parser.label
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,19}", parser.kind), f"{parser.kind} stands in stored documents"


@every_parser
def test_every_parser_is_fuzzed_and_recognises_its_examples_alone(parser: Parser, tmp_path: Path) -> None:
    assert examples(parser.kind), f"{parser.kind}: no examples in tests/fuzz"
    for number, example in enumerate(examples(parser.kind)):
        file = tmp_path / str(number)
        file.write_bytes(example)
        assert identify(file) == parser.kind, f"{parser.kind}: example {number}"
    for kind in PARSERS.keys() - {parser.kind}:
        for number, example in enumerate(examples(kind)):
            recognised = parser.recognises(Sample(example[:HEAD_BYTES]))
            assert not recognised, f"{parser.kind} takes example {number} of {kind} for its own"
    for nothing in (b"", b"\0" * 5_000, "一行普通的文字\n".encode() * 50):
        assert not parser.recognises(Sample(nothing)), parser.kind


@every_parser
def test_every_job_of_a_parser_declares_what_it_sends_over_the_wire(parser: Parser) -> None:
    for job in filter(None, (parser.parse, parser.preview)):
        assert job.__qualname__ == job.__name__, f"{parser.kind}: the child finds jobs by module and name"
        assert next(iter(inspect.signature(job).parameters)) == "emit", parser.kind
        msgspec.msgpack.Decoder(get_type_hints(job, include_extras=True)["return"])


def test_what_no_parser_recognises_is_another_file() -> None:
    assert kind_of(Sample(b"MZ" + bytes(100))) == OTHER
    assert kind_of(Sample(b"")) == OTHER
    assert label_of(OTHER) == {"zh-hans": "其他文件", "en": "other file"}
    assert label_of("gone") is None


def test_an_archive_whose_first_name_begins_as_a_program_does_is_an_archive(tmp_path: Path) -> None:
    file = tmp_path / "logs.tar"
    file.write_bytes(archive_writers.tar([("MZ.log", b"x")]))

    assert identify(file) == "archive"


def test_the_sandbox_names_no_kind_that_is_not_registered() -> None:
    decoder = msgspec.json.Decoder(Unpacked)
    travelling = '{"path":"a","root":"nowhere","place":"","sha256":"","size":0,"kind":"%s",'
    travelling += '"state":"read","detail":null}'

    assert decoder.decode(travelling % "pe").kind == "pe"
    with pytest.raises(msgspec.ValidationError, match=r"\$.kind"):
        decoder.decode(travelling % "pe2")


@every_format
def test_every_archive_format_names_a_public_source(form: ArchiveFormat) -> None:
    assert re.match(r"https://[\w.-]+/\S+$", form.source), form.name


@every_format
def test_every_archive_format_is_known_by_an_example(form: ArchiveFormat) -> None:
    known = [format_of(archive) for archive in [*other_archives(), archive_writers.zipped([("a", b"x")])]]
    assert form in known, f"{form.name}: add an archive to tests/fuzz/seeds.py"
