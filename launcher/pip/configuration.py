"""What pip's own configuration says of the package index, read where there is no pip yet.

Files, their order and the names of the variables are pip's
(https://pip.pypa.io/en/stable/topics/configuration/): later files win, a section for
``install`` wins over ``global``, ``PIP_*`` variables win over all files.
"""

import configparser
import os
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.halt import Halt

MACHINE = Path("/etc/pip.conf")
TRUE = {"1", "true", "yes", "y", "on", "t"}


@dataclass(frozen=True)
class PipConfiguration:
    """The options that decide where a package comes from."""

    indexes: tuple[str, ...]
    """Addresses of simple repositories (PEP 503); ``index-url`` first, none with ``no-index``."""
    find_links: tuple[str, ...]
    """Folders, or addresses of pages, that list files themselves."""
    certificates: str | None
    """A bundle, or a folder, of certificates to trust instead of the machine's."""
    proxy: str | None
    trusted_hosts: frozenset[str]
    """``host`` or ``host:port`` whose certificate need not be valid."""
    timeout: float
    """Seconds without an answer."""


def read(env: Mapping[str, str]) -> PipConfiguration:
    """Raises Halt for a file that is no configuration."""
    options: dict[str, str] = {}
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}}
    for file in _files(env):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(file, "utf-8")
        except (configparser.Error, UnicodeDecodeError) as error:
            raise Halt(f"pip's configuration {file} cannot be read: {error}") from error
        for section, values in sections.items():
            if parser.has_section(section):
                values.update((_option(name), value) for name, value in parser.items(section))
    options |= sections["global"] | sections["install"]
    options |= {_option(name[4:]): value for name, value in env.items() if name.startswith("PIP_") and value}
    indexes: list[str] = []
    if options.get("no-index", "").lower() not in TRUE:
        indexes = [options.get("index-url") or _default_index(), *options.get("extra-index-url", "").split()]
    timeout = options.get("timeout") or options.get("default-timeout") or "15"
    if not timeout.isdecimal():
        raise Halt(f"pip's configuration: timeout = {timeout} is no number of seconds.")
    return PipConfiguration(
        indexes=tuple(indexes),
        find_links=tuple(options.get("find-links", "").split()),
        certificates=options.get("cert")
        or env.get("REQUESTS_CA_BUNDLE")
        or env.get("CURL_CA_BUNDLE")
        or None,
        proxy=options.get("proxy") or None,
        trusted_hosts=frozenset(options.get("trusted-host", "").split()),
        timeout=float(timeout),
    )


def _files(env: Mapping[str, str]) -> Iterator[Path]:
    """Those for the machine, for the account, for this Python, and the one that PIP_CONFIG_FILE names."""
    own = env.get("PIP_CONFIG_FILE", "")
    if own == os.devnull:
        return
    for folder in (env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"):
        yield Path(folder, "pip", "pip.conf")
    yield MACHINE
    home = env.get("HOME")
    if home and not (own and Path(own).exists()):
        yield Path(home, ".pip", "pip.conf")
        yield Path(env.get("XDG_CONFIG_HOME") or Path(home, ".config"), "pip", "pip.conf")
    yield Path(sys.prefix, "pip.conf")
    if own:
        yield Path(own)


def _option(name: str) -> str:
    return name.lower().replace("_", "-").removeprefix("--")


def _default_index() -> str:
    """PyPI, where unittest/mock.py says that it is: no host of a registry is written in this repository."""
    source = Path(sysconfig.get_path("stdlib"), "unittest", "mock.py")
    address = re.search(r"https://\S+(?=/project/mock)", source.read_text("utf-8"))
    if address is None:
        raise Halt("No package index is configured: set PIP_INDEX_URL to the address of one.")
    return f"{address[0]}/simple"
