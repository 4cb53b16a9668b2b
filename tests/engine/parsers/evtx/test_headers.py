"""Headers as our own reading has them, held against python-evtx: sound ones, and ones with a byte changed."""

from pathlib import Path
from random import Random

import pytest
from Evtx.Evtx import ChunkHeader, FileHeader

from demo.evtx.writer import write_log
from engine.parsers.evtx.integrity import CHUNK_SIZE, FILE_HEADER_SIZE, HEAD_SIZE, ChunkFacts, inspect
from tests.engine.event_logs import ordinary

CHANGES = 200


@pytest.fixture
def log(tmp_path: Path) -> bytearray:
    file = tmp_path / "System.evtx"
    write_log(file, ordinary(300, filler=400))
    return bytearray(file.read_bytes())


def test_file_headers_are_read_as_the_second_parser_reads_them(log: bytearray) -> None:
    draw = Random(1)
    for place in [FILE_HEADER_SIZE - 1, *(draw.randrange(8, 128) for _ in range(CHANGES))]:
        copy = bytearray(log)
        copy[place] = draw.randrange(256)
        header = FileHeader(bytes(copy[:FILE_HEADER_SIZE]), 0)
        ours = inspect(bytes(copy[:HEAD_SIZE]), b"", len(copy))
        assert (ours.dirty, ours.full) == (header.is_dirty(), header.is_full())
        assert (ours.chunks_claimed, ours.next_record) == (header.chunk_count(), header.next_record_number())
        assert ours.header_valid == (header.checksum() == header.calculate_checksum())


def test_chunk_headers_are_read_as_the_second_parser_reads_them(log: bytearray) -> None:
    draw = Random(2)
    sound = log[FILE_HEADER_SIZE : FILE_HEADER_SIZE + CHUNK_SIZE]
    for place in [CHUNK_SIZE - 1, 600, *(draw.randrange(8, 512) for _ in range(CHANGES))]:
        body = bytearray(sound)
        body[place] = draw.randrange(256)
        chunk = ChunkHeader(bytes(body), 0)
        (ours,) = inspect(bytes(log[:HEAD_SIZE]), bytes(body), len(log)).chunks
        assert ours.header_valid == (chunk.header_checksum() == chunk.calculate_header_checksum())
        ends = 512 <= chunk.next_record_offset() <= CHUNK_SIZE
        assert ours.data_valid == (ends and chunk.data_checksum() == chunk.calculate_data_checksum())
        if ours.header_valid:
            assert numbers(ours) == (
                chunk.log_first_record_number(),
                chunk.log_last_record_number(),
                chunk.file_first_record_number(),
            )


def numbers(chunk: ChunkFacts) -> tuple[int | None, int | None, int | None]:
    return chunk.first, chunk.last, chunk.first_number
