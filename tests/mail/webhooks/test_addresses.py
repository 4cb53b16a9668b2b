"""No webhook leads into the operator's own network unless she has said so, whatever a name resolves to."""

import socket
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from mail.webhooks import addresses, sending
from mail.webhooks.bodies import Post
from mail.webhooks.errors import AddressRefused
from tests.mail.certificates import certificate_of
from tests.mail.webhooks.receiver import drips, floods, receiver, says

LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
        *(
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "224.0.0.1",
            "239.255.255.250",
        ),
        *("240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1"),
        *(
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
        ),
        *(
            "fe80::1",
            "fe80::1%eth0",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
        ),
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not addresses.is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "101.226.103.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert addresses.is_public(ip_address(address))


def test_what_is_allowed_is_allowed_alone_and_the_internet_never_without_tls() -> None:
    private = [ip_network("10.20.0.0/16")]
    permitted = {
        (address, tls): addresses.is_permitted(ip_address(address), tls=tls, private=private)
        for address in ("10.20.3.4", "10.21.0.1", "169.254.169.254", "8.8.8.8")
        for tls in (True, False)
    }
    assert {asked for asked, is_so in permitted.items() if is_so} == {
        ("10.20.3.4", True),
        ("10.20.3.4", False),
        ("8.8.8.8", True),
    }


Resolver = Callable[[str, list[str]], list[str]]


@pytest.fixture
def resolves(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    """Makes a name resolve to addresses, and to loopback from the second look-up on; returns who asked."""

    def set_up(name: str, first: list[str]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            asked.append(host)
            given = first if len(asked) == 1 else ["127.0.0.1"]
            family = {True: socket.AF_INET6, False: socket.AF_INET}
            return [(family[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port)) for ip in given]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return set_up


def test_a_name_that_leads_inside_is_refused_and_nothing_is_connected_to(
    resolves: Resolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr(socket, "socket", connect)
    for inside in ("127.0.0.1", "10.0.0.5", "::1", "169.254.169.254"):
        resolves("hooks.example", [inside])
        with pytest.raises(AddressRefused, match=r"hooks\.example"):
            addresses.dial("hooks.example", 443, tls=True, private=[], timeout=1)


def test_the_address_that_was_checked_is_the_one_connected_to(resolves: Resolver, settings: Any) -> None:
    """A name that is public when it is checked and private when it is used (DNS rebinding)."""
    settings.WEBHOOK_ALLOW_PRIVATE = [ip_network("127.0.0.2/32")]
    with receiver() as inside:
        asked = resolves("hooks.example", ["127.0.0.2"])
        with pytest.raises(
            ConnectionRefusedError
        ):  # Nobody listens at the checked one, and none else is asked.
            sending.send(Post(f"http://hooks.example:{inside.port}/x", {}, b"{}"))
        assert asked == ["hooks.example"]
        assert inside.received == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return certificate_of("hooks.example", tmp_path)


def test_by_tls_the_name_is_proven_and_a_stranger_who_has_the_address_is_told_nothing(
    resolves: Resolver, settings: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = LOOPBACK
    with receiver(certificate) as hooks:
        for name, trusted in (("hooks.example", False), ("hooks.example", True), ("other.example", True)):
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate) if trusted else "/dev/null")
            resolves(name, ["127.0.0.1"])
            post = Post(f"https://{name}:{hooks.port}/x", {}, b"{}")
            if trusted and name == "hooks.example":
                assert sending.send(post).status == 200
            else:
                with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
                    sending.send(post)
        assert [request.headers["host"] for request in hooks.received] == [f"hooks.example:{hooks.port}"]


def test_no_redirect_is_followed_and_no_proxy_is_asked(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = LOOPBACK
    with receiver() as proxy, receiver() as elsewhere, receiver() as hooks:
        monkeypatch.setenv("http_proxy", proxy.address)
        hooks.script.append(says(307, Location=elsewhere.address))
        assert sending.send(Post(hooks.address, {}, b"{}")).status == 307
        assert len(hooks.received) == 1
        assert elsewhere.received == proxy.received == []


def test_an_answer_is_read_in_bounded_time_and_size(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = LOOPBACK
    monkeypatch.setattr(sending, "TIMEOUT", 0.5)
    with receiver() as hooks:
        hooks.script += [drips, floods]
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            sending.send(Post(hooks.address, {}, b"{}"))
        assert time.monotonic() - begun < 60
        monkeypatch.setattr(sending, "TIMEOUT", 30.0)
        answer = sending.send(Post(hooks.address, {}, b"{}"))
        assert answer.text == "x" * 4096


@pytest.mark.parametrize(
    "address",
    [
        "https://",
        "https:///x",
        "ftp://127.0.0.1/",
        "http://127.0.0.1:x/",
        "http://ex\u2028ample:1/",
        "nothing",
    ],
)
def test_what_is_no_address_is_an_error_that_the_worker_knows(address: str) -> None:
    with pytest.raises((OSError, ValueError)):
        sending.send(Post(address, {}, b""))
