"""A code in words and with its number, in the family that its field belongs to.

The same number means different things: 5 is “access denied” as a Win32 error, and nothing at all
as an NTSTATUS. Which family a number of 32 bits can only be of is told by its upper bits.
Source: Microsoft, [MS-ERREF] 2.1 (HRESULT), 2.3 (NTSTATUS), and 2.1 for ``FACILITY_WIN32`` and the bit N.
"""

import re

from engine.messages.codes import tables
from engine.messages.codes.tables import Meaning
from engine.messages.languages import CHINESE

FAMILIES = ("code", "livekernel", "sign_in", *tables.FAMILIES)
"""Those that are not a table of their own: ``code`` is a field that holds now a Win32 error and now a code of
32 bits, ``livekernel`` a stop code in hex without ``0x``, ``sign_in`` the status of a sign-in, which is an
NTSTATUS of 32 bits or a result of Kerberos."""

_U32 = 0xFFFFFFFF
_SMALL = 0xFFFF
_IN_HEX = {"ntstatus", "hresult", "exception", "bugcheck", "livekernel"}
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})")
_BARE_HEX = re.compile(r"[0-9a-fA-F]{8}|[fF]{8}[0-9a-fA-F]{8}")
_ALWAYS_HEX = re.compile(r"(?:0[xX])?([0-9a-fA-F]{1,8})")
_TWICE = re.compile(r"(-?\d{1,11}) \(0[xX][0-9a-fA-F]{1,16}\)")
_BARE_ERROR = re.compile(r"(?:[fF]{8})?[89a-dA-D][0-9a-fA-F]{7}")
_DUMP = 0x10000000
"""Set in the bug check codes of small dumps, and the bit N of an HRESULT that wraps an NTSTATUS."""

_LOOSE = re.compile(r"(?<![\w(（\\/])(?<!文，)0[xX][89cCdD][0-9a-fA-F]{7}(?!\w)")
_CAPTION = re.compile(r"^\{[^{}]*\} *")
"""The title of a window, which Windows keeps with the words of some codes."""
_VALUE = re.compile(r"%(?:[wh]?s|l?[dux]|\d)\b")
"""Where Windows puts something that only it knew."""
_EXPLAINED = re.compile(r" ?[(（]")
_NO_ERROR = re.compile(
    r"(?:id|mask|flags?|address|handle|luid|keywords?|offset|base|pointer|reason code"
    r"|地址|掩码|标志|偏移|关键字|原因代码)\W{0,4}$",
    re.IGNORECASE,
)
"""What stands before a number of this form that is none of an error."""
_MAX_ANNOTATED = 8

_OF = {
    0x8024: ("Windows 更新", "Windows Update"),
    0x800F: ("安装与组件服务", "set-up and servicing"),
    0xC004: ("软件激活", "software licensing"),
    0x8050: ("Microsoft Defender", "Microsoft Defender"),
    0x8028: ("TPM", "the TPM"),
    0x8031: ("BitLocker", "BitLocker"),
    0x8009: ("加密与安全", "security and cryptography"),
    0x800B: ("证书与签名", "certificates and signatures"),
    0x8004: ("组件自身", "the component itself"),
    0x8030: ("磁盘配额管理", "storage management"),
    0x803B: ("Windows 更新", "Windows Update"),
    0x8007: ("Win32", "Win32"),
}
"""Whose codes these are, by the upper half."""


def names_no_error(before: str) -> bool:
    """Whether the text before a number says that it is an id, a mask, an address or the like."""
    return _NO_ERROR.search(before) is not None


def number_of(value: str, family: str) -> int | None:
    """The unsigned number that a field holds: ``-2147024891``, ``0x80070005``, ``80070005`` of a
    family that is written in hex, ``0xFFFFFFFF80070005``; ``None`` for what is no number."""
    value = value.strip()
    if family == "livekernel":
        hexadecimal = _ALWAYS_HEX.fullmatch(value)
        return int(hexadecimal[1], 16) if hexadecimal else None
    if twice := _TWICE.fullmatch(value):
        value = twice[1]
    if (_BARE_HEX if family in _IN_HEX else _BARE_ERROR).fullmatch(value):
        return int(value, 16) & _U32
    if not _NUMBER.fullmatch(value):
        return None
    return int(value, 0 if "x" in value.casefold() else 10) & _U32


def spoken(family: str, number: int, language: str) -> str:
    """``0x80070005 (access denied)``, in Chinese the words in quotation marks before the number; a code
    that no table has is said to be in none."""
    chinese = language == CHINESE
    number &= _U32
    shown = _shown(family, number)
    if family == "exitcode" and number <= _SMALL and tables.meaning(family, number) is None:
        return f"{shown}（程序自定）" if chinese else f"{shown} (the program's own)"
    found = meaning(family, number)
    if found is None:
        return _unknown(number, shown, chinese=chinese)
    said, note = _said(found, chinese=chinese)
    if not chinese:
        return f"{shown} ({said})"
    quoted = f"“{said}”" if found.chinese else said
    return f"{quoted}（{note}{shown}）"


def annotated(text: str, language: str) -> str:
    """A text of somebody else's, each code in it followed by what it means where it stands first: ``failed
    with 0x80070005 (access denied)``. Only codes that a table has: others may be no codes at all."""
    if "0x" not in text and "0X" not in text:
        return text
    chinese = language == CHINESE
    told: set[int] = set()

    def put(mark: re.Match[str]) -> str:
        number = int(mark[0], 16)
        if number in told or len(told) >= _MAX_ANNOTATED:
            return mark[0]
        found = _by_form(number) if number >> 16 != 0x8000 else tables.own("hresult").get(number)
        before, after = text[max(0, mark.start() - 24) : mark.start()], text[mark.end() : mark.end() + 2]
        if found is None or _EXPLAINED.match(after) or _NO_ERROR.search(before):
            return mark[0]
        told.add(number)
        said, note = _said(found, chinese=chinese)
        return (
            f"{mark[0]}（{said}{'，' + note.rstrip('，') if note else ''}）"
            if chinese
            else f"{mark[0]} ({said})"
        )

    said = _LOOSE.sub(put, text)
    return said.replace("） ", "）") if chinese else said


def _said(found: Meaning, *, chinese: bool) -> tuple[str, str]:
    """The words, and for a Chinese reader that they are English. The words of Windows are quoted."""
    if chinese and found.chinese:
        return found.chinese, ""
    if not found.english:
        return found.name, ""
    english = _VALUE.sub("…", _CAPTION.sub("", found.english))
    if chinese:
        return f"“{english}”", "英文，" if found.ours else "英文原文，"
    return (english if found.ours else f"“{english}”"), ""


def known(family: str, number: int) -> bool:
    """Whether some table has the number."""
    return meaning(family, number & _U32) is not None


def meaning(family: str, number: int) -> Meaning | None:
    """What the number means to this family, as far as some table says."""
    match family:
        case "win32":
            return tables.meaning("win32", number) or (_by_form(number) if number > _SMALL else None)
        case "hresult":
            return _hresult(number)
        case "ntstatus":
            return _ntstatus(number) or (_hresult(number) if number >> 28 == 0x8 else None)
        case "code":
            return tables.meaning("win32", number) or _by_form(number)
        case "sign_in":
            return tables.meaning("kerberos", number) or _ntstatus(number)
        case "exception":
            return tables.meaning("exception", number) or _ntstatus(number)
        case "exitcode":
            return (
                tables.meaning("exitcode", number)
                or tables.meaning("exception", number)
                or (_by_form(number) if number > _SMALL else None)
            )
        case "bugcheck" | "livekernel":
            return tables.meaning("bugcheck", number) or (
                tables.meaning("bugcheck", number & ~_DUMP) or _ntstatus(number) if number & _DUMP else None
            )
    return tables.meaning(family, number)


def _by_form(number: int) -> Meaning | None:
    """A code of 32 bits whose field does not tell what it is."""
    if number <= _SMALL:
        return tables.meaning("win32", number)
    if number >> 28 == 0xC:
        return tables.meaning("hresult", number) or _ntstatus(number)
    return _hresult(number) or _ntstatus(number)


def _hresult(number: int) -> Meaning | None:
    # For some Win32 errors the built list has the words of a single header alone.
    if number >> 16 == 0x8007 and not tables.worded("hresult", number):
        return tables.meaning("win32", number & _SMALL) or tables.meaning("hresult", number)
    if found := tables.meaning("hresult", number):
        return found
    if number >> 16 == 0:
        return tables.meaning("win32", number)
    if number >> 28 in (0xC, 0xD):
        return _ntstatus(number)
    return None


def _ntstatus(number: int) -> Meaning | None:
    if number >> 28 == 0xD:
        number &= ~_DUMP
    if found := tables.meaning("ntstatus", number):
        return found
    return tables.meaning("win32", number & _SMALL) if number >> 16 == 0xC007 else None


def _shown(family: str, number: int) -> str:
    if family == "jet":
        return str(number - (number >> 31 << 32))
    if family in _IN_HEX or number > _SMALL:
        return f"0x{number:08X}"
    return f"0x{number:X}" if family in {"kerberos", "sign_in"} else str(number)


def _unknown(number: int, shown: str, *, chinese: bool) -> str:
    whose = _OF.get(number >> 16)
    if chinese:
        of = f"{whose[0]}的代码，" if whose else ""
        return f"{shown}（{of}现有的表中没有）"
    of = f" of {whose[1]}" if whose else ""
    return f"{shown} (a code{of} that is in no table we have)"
