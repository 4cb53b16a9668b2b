"""Which family of codes the value of a field belongs to, where only the field's name can tell.

The catalogue and the rules say it themselves (``{Status|ntstatus}``); this serves what they do not name.
"""

from engine.messages.codes import words

_ERRORS = ("error", "errorcode", "errcode", "errornumber", "errorvalue", "win32error", "lasterror", "hresult")
"""Ends of names (without case, blanks and underscores) whose every number is a code."""
_STATES = ("status", "statuscode", "result", "resultcode", "returncode", "retcode", "exitcode", "failurecode")
"""Ends of names whose numbers are codes where they have the form of one: a state may be 3."""


def labelled(name: str | None, value: str, language: str) -> str:
    """The value in words where its field is one of codes; else as it is."""
    plain = (name or "").casefold().replace(" ", "").replace("_", "")
    error = plain.endswith(_ERRORS) or plain == "hr"
    if not error and not plain.endswith((*_STATES, "hr")):
        return value
    number = words.number_of(value, "code")
    if number is None or (not error and number >> 30 not in (2, 3)):
        return value
    return words.spoken("hresult" if plain.endswith(("hresult", "hr")) else "code", number, language)
