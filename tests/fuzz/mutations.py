"""Spoils files in the ways that break parsers; the same number spoils in the same way for ever."""

import random
import struct
from collections.abc import Callable

NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
HEADER = 4096
"""Where most of a format's lengths and offsets stand."""

MAX_AT_ONCE = 6
MAX_BYTES = 1 << 20

Mutation = Callable[[bytearray, random.Random, list[bytes]], None]


def mutated(parser: str, number: int, seeds: list[bytes]) -> bytes:
    """The file of that number."""
    chance = random.Random(f"{parser} {number}")
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MAX_AT_ONCE)):
        if data:
            chance.choice(MUTATIONS)(data, chance, seeds)
    return bytes(data[:MAX_BYTES])


def _place(data: bytearray, chance: random.Random) -> int:
    near = min(len(data), HEADER) if chance.random() < 0.6 else len(data)
    return chance.randrange(near)


def _flip(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    data[_place(data, chance)] ^= 1 << chance.randrange(8)


def _noise(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at = _place(data, chance)
    data[at : at + chance.randint(1, 64)] = chance.randbytes(chance.randint(1, 64))


def _number(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at, form = _place(data, chance), chance.choice(("<B", "<H", "<I", "<Q", ">I"))
    size = struct.calcsize(form)
    value = chance.choice(NUMBERS) & (256**size - 1)
    if at + size <= len(data):
        struct.pack_into(form, data, at, value)


def _near_number(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at = _place(data, chance) & ~3
    if at + 4 <= len(data):
        (value,) = struct.unpack_from("<I", data, at)
        struct.pack_into("<I", data, at, (value + chance.choice((-16, -1, 1, 16, 4096))) & 0xFFFFFFFF)


def _cut(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    del data[chance.randrange(len(data)) :]


def _drop(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at = _place(data, chance)
    del data[at : at + chance.randint(1, 512)]


def _repeat(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at, size = _place(data, chance), chance.randint(1, 4096)
    data[at:at] = data[at : at + size] * chance.randint(1, 8)


def _copy(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    """A piece over another: headers point at themselves, lists close to rings."""
    size = chance.randint(4, 256)
    piece = data[(at := _place(data, chance)) : at + size]
    to = _place(data, chance)
    data[to : to + len(piece)] = piece


def _splice(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    other = chance.choice(seeds)
    at = chance.randrange(len(data))
    data[at:] = other[chance.randrange(len(other)) :]


def _zeros(data: bytearray, chance: random.Random, seeds: list[bytes]) -> None:
    at, size = _place(data, chance), chance.randint(1, 2048)
    data[at : at + size] = bytes(min(size, len(data) - at))


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _flip, _noise, _number, _number, _near_number, _cut, _drop, _repeat, _copy, _splice, _zeros
)  # fmt: skip
