"""What ``%%1053`` in an event's values means, as far as it is known.

Providers name a parameter file whose texts these are: for the Security log msobjs.dll, for
Defender MpEvMsg.dll, for most others the system's own error texts. Ours are in our words, a table
a kind of provider, in ``data/codes``. Source: Microsoft, "System Error Codes", [MS-ERREF], and the
values listed with the events of "Advanced security audit policies".
"""

from collections.abc import Iterable, Mapping

from engine.messages.captured import Capture
from engine.messages.codes import tables, words
from engine.messages.languages import CHINESE
from engine.messages.resources import Resources, Texts
from engine.messages.template import Resolver

SYSTEM = "win32"
PARAMETER_FILES: Mapping[str, tuple[str, ...]] = {
    SYSTEM: ("kernel32.dll", "netmsg.dll", "ntdll.dll"),
    "audit": ("msobjs.dll",),
    "defender": ("mpevmsg.dll",),
    "grouppolicy": ("gpsvc.dll",),
}
"""Where Windows keeps the texts of each of our tables."""
_TABLES: Mapping[str, str] = {
    "microsoft-windows-security-auditing": "audit",
    "security": "audit",
    "microsoft-windows-windows defender": "defender",
    "windows defender": "defender",
    "microsoft antimalware": "defender",
    "microsoft-windows-grouppolicy": "grouppolicy",
}
"""Which providers (case folded) have a table of their own."""


def resolver(
    provider: str, language: str, captured: Capture | None = None, resources: Resources | None = None
) -> Resolver:
    """The function that tells what a number means to this provider, in this language: by what was
    captured on the machine, by the provider's parameter file in the bundle, by our own words."""
    folded = provider.casefold()
    table = _TABLES.get(folded, SYSTEM)
    named = captured.parameter_files.get(folded) if captured else None
    files = (named,) if named else PARAMETER_FILES.get(table, ())

    def resolve(number: int) -> str | None:
        if captured is not None and (texts := captured.parameters.get((folded, number))):
            return texts.get(language) or next(iter(texts.values()), None)
        held = _held(resources, files, number)
        return held.get(language) or known(table, number, language) or next(iter(held.values()), None)

    return Resolver(resolve, language)


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
    if table == SYSTEM:
        return words.spoken(SYSTEM, number, language) if words.known(SYSTEM, number) else None
    found = tables.own(table).get(number)
    if found is None:
        return None
    return (found.chinese if language == CHINESE else found.english) or found.name
