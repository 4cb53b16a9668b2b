"""Text out of hostile files, made fit for PostgreSQL's json and text."""

from collections.abc import Mapping
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def storable(value: Any) -> Any:
    """The same JSON value without what PostgreSQL refuses: NUL characters and lone surrogates.

    Each becomes U+FFFD, so that it stays visible that something stood there
    (https://www.postgresql.org/docs/current/datatype-json.html). Tuples become lists.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, Mapping):
        return {storable(key): storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    return value
