"""Regular expressions of strangers, with a bound on what they may cost.

A pattern of a rule may be hostile, and so may the value it is held against; backtracking can take longer
than the sun burns. The package ``regex`` reads look-ahead and look-behind, which linear engines do not,
and ends a search after a given time. All searches of one rule have ``SECONDS_A_RULE`` of processor time
together.
"""

import threading
from collections.abc import Callable
from time import thread_time

import regex

MAX_LENGTH = 20_000
SECONDS_A_VALUE = 1.0
SECONDS_A_RULE = 30.0


class NoPattern(ValueError):
    """The text is no regular expression, or too long for one; the argument says why (English)."""


class TooCostly(Exception):
    """The pattern took longer than a rule is allowed; the argument is the pattern."""


class _Effort(threading.local):
    spent = 0.0
    costly: str | None = None


_effort = _Effort()
_RECURSION = regex.compile(r"\(\?(?:R|[0-9]|&|P>)")
_FLAGS = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}


def begin() -> None:
    """A new rule: what others spent is not its matter."""
    _effort.spent, _effort.costly = 0.0, None


def costly() -> str | None:
    """The pattern that took too long since ``begin``: SQLite keeps no exception of a function."""
    return _effort.costly


def checked(pattern: str, flags: str = "") -> "regex.Pattern[str]":
    """The pattern, compiled. Raises ``NoPattern``."""
    if _RECURSION.search(pattern):
        raise NoPattern(f"the regular expression {pattern[:200]} calls itself, which is not supported")
    if len(pattern) > MAX_LENGTH:
        raise NoPattern(f"a regular expression of {len(pattern):,} characters is longer than {MAX_LENGTH:,}")
    try:
        return regex.compile(pattern, sum(_FLAGS[flag] for flag in set(flags)))
    except (regex.error, ValueError, OverflowError, RecursionError) as error:
        raise NoPattern(f"the regular expression {pattern[:200]} cannot be read: {error}") from error


def searching(pattern: str, flags: str) -> Callable[[str], bool]:
    """Whether the pattern stands anywhere in a value. Raises ``NoPattern``, and on use ``TooCostly``."""
    search = checked(pattern, flags).search

    def found(value: str) -> bool:
        began = thread_time()
        try:
            return search(value, timeout=SECONDS_A_VALUE) is not None
        except (TimeoutError, MemoryError) as error:
            _effort.costly = pattern
            raise TooCostly(pattern) from error
        finally:
            _effort.spent += thread_time() - began
            if _effort.spent > SECONDS_A_RULE:
                _effort.costly = pattern
                raise TooCostly(pattern)

    return found
