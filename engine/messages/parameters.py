"""What ``%%1053`` in an event's values means, as far as it is known.

Providers name a parameter file whose texts these are: for the Security log msobjs.dll, for most
others the system's own error texts. Ours are in our words. Source: Microsoft, "System Error
Codes", [MS-ERREF], and the values listed with the events of "Advanced security audit policies".
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from engine.messages import data_files
from engine.messages.captured import Capture
from engine.messages.languages import CHINESE
from engine.messages.resources import Resources, Texts
from engine.messages.template import Resolve

SYSTEM = "win32"
_HRESULT_OF_SYSTEM = 0x8007
PARAMETER_FILES: Mapping[str, tuple[str, ...]] = {
    SYSTEM: ("kernel32.dll", "netmsg.dll", "ntdll.dll"),
    "audit": ("msobjs.dll",),
}
"""Where Windows keeps the texts of each of our tables."""


def resolver(
    provider: str, language: str, captured: Capture | None = None, resources: Resources | None = None
) -> Resolve:
    """The function that tells what a number means to this provider, in this language: by what was
    captured on the machine, by the provider's parameter file in the bundle, by our own words."""
    folded = provider.casefold()
    table = _providers().get(folded, SYSTEM)
    named = captured.parameter_files.get(folded) if captured else None
    files = (named,) if named else PARAMETER_FILES.get(table, ())

    def resolve(number: int) -> str | None:
        if captured is not None and (texts := captured.parameters.get((folded, number))):
            return texts.get(language) or next(iter(texts.values()), None)
        held = _held(resources, files, number)
        return held.get(language) or known(table, number, language) or next(iter(held.values()), None)

    return resolve


def parameter_files(captured: Capture) -> set[str]:
    """The files whose texts are worth keeping whole: Windows' own, and those that were named."""
    return {name for names in PARAMETER_FILES.values() for name in names} | {
        *captured.parameter_files.values()
    }


def _held(resources: Resources | None, files: Iterable[str], number: int) -> Texts:
    for name in files:
        if resources is not None and (texts := resources.parameters.get(name, {}).get(number & 0xFFFFFFFF)):
            return {language: " ".join(sentence.split()) for language, sentence in texts.items()}
    return {}


def known(table: str, number: int, language: str) -> str | None:
    """The text of a table's number; system errors carry their number, also those in an HRESULT."""
    texts = _tables().get(table, {})
    if table != SYSTEM:
        return _in(texts.get(number), language)
    number &= 0xFFFFFFFF
    shown = f"0x{number:08X}" if number > 0xFFFF else str(number)
    if number >> 16 == _HRESULT_OF_SYSTEM and number not in texts:
        number &= 0xFFFF
    sentence = _in(texts.get(number), language)
    if sentence is None:
        return None
    sentence = sentence.rstrip("。.")
    return f"{sentence}（{shown}）" if language == CHINESE else f"{sentence} ({shown})"


def _in(pair: list[str] | None, language: str) -> str | None:
    return None if pair is None else str(pair[0 if language == CHINESE else 1])


def _tables() -> Mapping[str, Mapping[int, list[str]]]:
    return data_files.parameters()["tables"]


@lru_cache(maxsize=1)
def _providers() -> dict[str, str]:
    stated: dict[str, list[str]] = data_files.parameters()["providers"]
    return {provider.casefold(): table for table, providers in stated.items() for provider in providers}
