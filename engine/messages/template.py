"""Windows' own message templates filled with an event's values.

Source: Microsoft, ``FormatMessage`` (``%1`` … ``%99``, ``%1!s!``, ``%n``, ``%t``, ``%b``, ``%0``,
``%%``) and "Message Text Files"; ``%%`` followed by a number names a text in the provider's
parameter file ("Event Sources": ParameterMessageFile).

A value is put in once and never read as a template, so nothing in a log can grow by itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.messages.languages import CHINESE, ENGLISH
from engine.messages.values import Values
from engine.text_safety import shortened

MAX_LENGTH = 4_000
"""Characters of a finished message."""
MAX_TEMPLATE_LENGTH = 32_000
NO_VALUE = "–"


@dataclass(frozen=True)
class Resolver:
    """What numbers mean to one provider, in one language; called with a number it gives the text,
    ``None`` for an unknown one."""

    find: Callable[[int], str | None]
    language: str = ENGLISH

    def __call__(self, number: int) -> str | None:
        return self.find(number)

    def unknown(self, number: int) -> str:
        """How a number is named that no table has."""
        if self.language == CHINESE:
            return f"编号 {number}（现有的表中没有）"
        return f"number {number} (in no table we have)"

    @property
    def between(self) -> str:
        """What stands between the items of a list."""
        return "、" if self.language == CHINESE else ", "


_MARK = re.compile(
    r"%%%(?P<shift>\d{1,2})(?:![^!\s]{1,32}!)?"
    r"|%%(?P<parameter>\d{1,11})"
    r"|%(?P<number>\d{1,2})(?:!(?P<format>[^!\s]{1,32})!)?"
    r"|%(?P<sign>.)",
    re.DOTALL,
)
_SIGNS = {"n": "\n", "r": "", "t": "    ", "b": " ", " ": " ", ".": ".", "!": "!", "%": "%"}
_REFERENCE = re.compile(r"%%(-?\d{1,11})(?!\d)")
_ONLY_REFERENCES = re.compile(r"[\s,;]*(?:%%-?\d{1,11}[\s,;]*)+")
_ON_A_LINE_ITS_OWN = re.compile(r"^[ \t]*%%(-?\d{1,11})[ \t]*$", re.MULTILINE)
_BEGINS_WITH_REFERENCE = re.compile(r"\s*%%-?\d{1,11}(?!\d)")
_HEXADECIMAL = re.compile(r"#?0?(?P<width>\d{0,2})(?:I64|l{0,2})(?P<kind>[xX])")


def fill(template: str, values: Values, resolve: Resolver) -> str:
    """The message; a value that the event does not have reads ``–``. At most ``MAX_LENGTH`` characters."""
    template = template[:MAX_TEMPLATE_LENGTH]
    parts: list[str] = []
    length = at = 0
    for mark in _MARK.finditer(template):
        piece, ends = _filled_in(mark, values, resolve)
        parts += (template[at : mark.start()], piece)
        length += mark.start() - at + len(piece)
        at = len(template) if ends else mark.end()
        if ends or length > MAX_LENGTH:
            break
    parts.append(template[at : at + MAX_LENGTH])
    return shortened("".join(parts).strip(), MAX_LENGTH)


def resolved(value: str, resolve: Resolver) -> str:
    """A value with its ``%%1234`` replaced by what they mean; several are a list.

    Only a value that begins with one is made of them, and a line that is one: in a command line
    ``%%1`` is what was typed.
    """
    if "%%" not in value:
        return value
    if _ONLY_REFERENCES.fullmatch(value):
        numbers = [int(number) for number in _REFERENCE.findall(value)]
        return resolve.between.join(resolve(number) or resolve.unknown(number) for number in numbers)
    made_of_them = _BEGINS_WITH_REFERENCE.match(value)
    pattern = _REFERENCE if made_of_them else _ON_A_LINE_ITS_OWN
    return pattern.sub(lambda mark: resolve(int(mark[1])) or resolve.unknown(int(mark[1])), value)


def _filled_in(mark: re.Match[str], values: Values, resolve: Resolver) -> tuple[str, bool]:
    """What stands for a mark, and whether the message ends there."""
    if shift := mark["shift"]:
        value = values.at(int(shift)) or ""
        if not value.isdecimal() or len(value) >= 12:
            return value or NO_VALUE, False
        return resolve(int(value)) or resolve.unknown(int(value)), False
    if parameter := mark["parameter"]:
        return resolve(int(parameter)) or resolve.unknown(int(parameter)), False
    if number := mark["number"]:
        if int(number) == 0:
            return "", True
        filling = values.at(int(number))
        if not filling:
            return NO_VALUE, False
        return _formatted(resolved(filling, resolve), mark["format"] or ""), False
    return _SIGNS.get(mark["sign"], mark["sign"]), False


def _formatted(value: str, wanted: str) -> str:
    """Numbers in the base that the template asks for; any other format shows the value as it is."""
    hexadecimal = _HEXADECIMAL.fullmatch(wanted)
    if hexadecimal is None or not value.isdecimal() or len(value) > 20:
        return value
    return f"{int(value):0{min(int(hexadecimal['width'] or 0), 16)}{hexadecimal['kind']}}"
