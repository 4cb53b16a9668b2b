"""Values of an identity that tell one instance of a thing from the next, not one thing from another.

A COM server of a browser has a number for each of its processes, an app and an updater their version in their
name, a signed-in user's copy of a service a suffix. By the kind of the thing its troubles are one.
"""

import ipaddress
import re

_INSTANCES = (
    # Microsoft.MicrosoftEdge_42.17134.1.0_neutral__8wekyb3d8bbwe!ContentProcess#{0003…}: which process.
    (re.compile(r"(?<=[^\s{(])#?\{[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$"), ""),
    (re.compile(r"(![a-z][a-z0-9.]*)[#:_-]\d+$|(![a-z](?:[a-z0-9.]*[a-z.])?)\d+$"), r"\1\2"),
)
_VERSION = re.compile(r"(?<![\d.])\d+(?:\.\d+){2,3}(?![\d.])")
_PER_USER = re.compile(r"_[0-9a-f]{4,8}$")


def kind_of(value: str, *, service: bool = False) -> str:
    """A value (case folded) without the instance's number or version, that of a service without its user."""
    for pattern, by in _INSTANCES:
        value = pattern.sub(by, value)
    if "." in value:
        value = _VERSION.sub(_versionless, value)
    return _PER_USER.sub("", value) if service else value


def _versionless(version: re.Match[str]) -> str:
    """An address of the network is no version."""
    try:
        ipaddress.IPv4Address(version[0])
    except ValueError:
        return "*"
    return version[0]
