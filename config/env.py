"""Strict readers of environment variables: a wrong value stops the start with a sentence.

Every variable that the portal reads goes through one of these functions, so that
a typing error (``PORT=80a``) is told by its name and not found by accident.
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def load(file: Path) -> None:
    """Takes ``NAME=value`` lines of ``file`` for variables that are not set; no file is fine."""
    if not file.is_file():
        return
    for line in file.read_text("utf-8").splitlines():
        name, separator, value = line.partition("=")
        if separator and name.isidentifier():
            os.environ.setdefault(name, value)


def text(name: str, default: str | None = None) -> str:
    """The variable's text; refuses a missing one where there is no default."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set {name}: it has no default.")
    return default


def flag(name: str, default: bool) -> bool:
    """``1/true/yes/on`` or ``0/false/no/off``, in any case."""
    value = os.environ.get(name, "").lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: say 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number of at least ``least``."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: say a whole number of at least {least}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """IP networks or single addresses, separated by commas."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: say networks like 10.20.0.0/16 ({error}).") from error


def choice(name: str, *values: str) -> str:
    """One of ``values``, or empty where the variable is not set."""
    value = os.environ.get(name, "")
    if value and value not in values:
        raise ImproperlyConfigured(f"{name}={value!r}: say one of {', '.join(values)}.")
    return value


def service(name: str) -> str:
    """``host:port`` or the path of a socket; empty where the variable is not set."""
    value = os.environ.get(name, "")
    host, _, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host and port.isdecimal()):
        raise ImproperlyConfigured(f"{name}={value!r}: say host:port, or the whole path of a socket.")
    return value


def folder(name: str, default: Path) -> Path:
    """An absolute folder path; it is not created here."""
    return Path(os.environ.get(name) or default).expanduser().resolve()


def optional_folder(name: str) -> Path | None:
    """An absolute folder path, or ``None`` when the variable is not set."""
    value = os.environ.get(name)
    return Path(value).expanduser().resolve() if value else None


def postgres(name: str, default: str | None = None) -> dict[str, object]:
    """Django's DATABASES entry of a ``postgresql://user:password@host:port/name`` address.

    The host may be a percent-encoded socket folder, as libpq writes it
    (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING).
    """
    address = urlsplit(text(name, default))
    if address.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name}: only PostgreSQL is supported (postgresql://…).")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(address.path.lstrip("/")),
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": unquote(address.hostname or ""),
        "PORT": str(address.port or ""),
    }
