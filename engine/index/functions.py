"""What the index's SQL may call beside SQLite's own functions: name, number of values, function."""

from collections.abc import Callable
from typing import Any, Final

from engine.index.derived import derived
from engine.index.fitting import fits, refers
from engine.index.nested import nested
from engine.service_names import service_of

FUNCTIONS: Final[tuple[tuple[str, int, Callable[..., Any]], ...]] = (
    ("FITS", 2, fits),
    ("REFERS", 3, refers),
    ("DERIVE", 2, derived),
    ("NESTED", 2, nested),
    ("SERVICE", 3, service_of),
)
