"""Where a webhook may lead: into the open Internet, and into private networks that the operator names.

The address that is checked is the one that is connected to: the name is looked up once.
Sources: the IANA special-purpose address registries, as Python's ``ipaddress`` has them; RFC 6052 (NAT64).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from mail.webhooks.errors import AddressRefused

if TYPE_CHECKING:
    from ipaddress import IPv4Network

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network

_UNICAST = IPv6Network("2000::/3")
"""All that is given out of IPv6; the rest is special or unused."""
_NAT64 = IPv6Network("64:ff9b::/96")
_NO_RECEIVERS = (
    # Public by its number, yet only a cloud's own host answers there (Azure's WireServer).
    ip_network("168.63.129.16/32"),
    ip_network("192.88.99.0/24"),
)


def is_public(address: Address) -> bool:
    """Whether it belongs to a machine of the open Internet: neither loopback, private, shared (CGNAT),
    link-local (the clouds' metadata), multicast nor reserved, inside IPv6 as well."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address not in _UNICAST:
            return False
    return address.is_global and not address.is_multicast and not any(address in net for net in _NO_RECEIVERS)


def is_permitted(address: Address, *, tls: bool, private: Iterable[Network]) -> bool:
    """Whether a webhook may go there; without TLS only into one of the networks ``private``."""
    return any(address in network for network in private) or (tls and is_public(address))


def dial(host: str, port: int, *, tls: bool, private: Iterable[Network], timeout: float) -> socket.socket:
    """A connection to the first permitted address of ``host`` that answers within ``timeout`` seconds.

    Raises ``AddressRefused`` where none is permitted, and other kinds of ``OSError``.
    """
    trouble: OSError = AddressRefused(host)
    for family, place in _places(host, port):
        if not is_permitted(ip_address(place[0]), tls=tls, private=private):
            continue
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(place)
        except OSError as error:
            connection.close()
            trouble = error
        else:
            return connection
    raise trouble


def _places(host: str, port: int) -> Iterator[tuple[socket.AddressFamily, tuple[str, int]]]:
    for family, _kind, _protocol, _name, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield family, place  # type: ignore[misc]  # Of IPv6 it has two more members.
