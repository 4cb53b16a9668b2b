"""Fetches one pinned file from the configured package index with the standard library alone.

The index speaks the simple repository API, as JSON (PEP 691) or HTML (PEP 503). What it
sends is believed only when its SHA-256 is one of those that the caller names.
"""

import base64
import hashlib
import json
import netrc
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import SplitResult, unquote, urldefrag, urljoin, urlsplit, urlunsplit

from launcher.halt import Halt
from launcher.pip.configuration import PipConfiguration

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
MAX_BYTES = 64 * 2**20
ATTEMPTS = 3
PAUSE = 1.0
"""Seconds before the next attempt."""


def fetch(project: str, filename: str, hashes: Collection[str], configuration: PipConfiguration) -> bytes:
    """The file's bytes; ``hashes`` are SHA-256 in hex.

    Raises Halt when no index holds the file or can be reached, and when one holds
    another file under its name.
    """
    reader = _Reader(configuration)
    troubles: list[str] = []
    for page in _pages(project, configuration):
        try:
            address = _address_of(filename, page, reader)
            if address is None:
                troubles.append(f"{_shown(page)} does not list it")
                continue
            content, _, _ = reader.read(address)
        except (OSError, ValueError) as error:
            troubles.append(f"{_shown(page)}: {_reason(error)}")
            continue
        if hashlib.sha256(content).hexdigest() not in hashes:
            raise Halt(
                f"{filename} from {_shown(address)} is not the file that this project was tested "
                "with (its SHA-256 differs), so it is not run: set PIP_INDEX_URL to another index."
            )
        return content
    raise Halt(
        f"{filename} could not be fetched ({'; '.join(troubles) or 'no package index is configured'}): "
        "set PIP_INDEX_URL to a package index that is reachable from here."
    )


def _pages(project: str, configuration: PipConfiguration) -> Iterator[str]:
    for index in configuration.indexes:
        yield f"{_as_url(index).rstrip('/')}/{project}/"
    for place in configuration.find_links:
        yield _as_url(place)


def _as_url(place: str) -> str:
    """An address as it is, a path as a file: address."""
    return (
        place if "://" in place or place.startswith("file:") else Path(place).expanduser().absolute().as_uri()
    )


def _address_of(filename: str, page: str, reader: "_Reader") -> str | None:
    """Where the file lies, according to an index's page or a folder; None where that does not list it."""
    if urlsplit(page).scheme == "file":
        folder = Path(unquote(urlsplit(page).path))
        if (folder / filename).is_file():
            return (folder / filename).as_uri()
        if folder.is_dir():
            page = (folder / "index.html").as_uri()
    content, kind, base = reader.read(page)
    if kind.endswith("json"):
        try:
            links = [str(entry["url"]) for entry in json.loads(content)["files"]]
        except (KeyError, TypeError) as error:
            raise ValueError("it does not speak the simple repository API") from error
    else:
        parser = _Links()
        parser.feed(content.decode("utf-8", "replace"))
        links = parser.links
    for link in links:
        address = urldefrag(urljoin(base, link)).url
        if unquote(urlsplit(address).path).rpartition("/")[2] == filename:
            return address
    return None


class _Links(HTMLParser):
    """The targets of a page's links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if tag == "a" and name == "href" and value]


class _Reader:
    """Opens addresses by way of the configured proxy, certificates and names."""

    def __init__(self, configuration: PipConfiguration) -> None:
        self.configuration = configuration
        self._secrets = {
            _without_credentials(parts).netloc: (unquote(parts.username), unquote(parts.password or ""))
            for parts in map(urlsplit, (*configuration.indexes, *configuration.find_links))
            if parts.username is not None
        }
        certificates = configuration.certificates
        folder = certificates is not None and Path(certificates).is_dir()
        try:
            self._verified = ssl.create_default_context(
                cafile=None if folder else certificates, capath=certificates if folder else None
            )
        except OSError as error:
            raise Halt(f"The certificates in {certificates} cannot be read: {error}") from error
        self._unverified = ssl.create_default_context()
        self._unverified.check_hostname = False
        self._unverified.verify_mode = ssl.CERT_NONE

    def read(self, address: str) -> tuple[bytes, str, str]:
        """Content, media type and final address; raises OSError or ValueError."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._read(address)
            except urllib.error.HTTPError as error:
                if error.code < 500 or attempt == ATTEMPTS:
                    raise
            except OSError as error:
                if isinstance(getattr(error, "reason", error), ssl.SSLError | FileNotFoundError):
                    raise
                if attempt == ATTEMPTS:
                    raise
            time.sleep(PAUSE)
        raise AssertionError

    def _read(self, address: str) -> tuple[bytes, str, str]:
        parts = _without_credentials(urlsplit(address))
        if parts.scheme not in {"http", "https", "file"}:
            raise ValueError(f"addresses of the kind {parts.scheme}: are not read")
        request = urllib.request.Request(urlunsplit(parts), headers={"Accept": ACCEPT})  # noqa: S310 (seen to above)
        credentials = self._credentials(parts)
        if credentials is not None:
            word = base64.b64encode(":".join(credentials).encode()).decode()
            # Not for the host that a redirect names.
            request.add_unredirected_header("Authorization", f"Basic {word}")
        handlers: list[urllib.request.BaseHandler] = [
            urllib.request.HTTPSHandler(context=self._context(parts.netloc, credentials is not None))
        ]
        if self.configuration.proxy:
            proxy = self.configuration.proxy
            handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
        opener = urllib.request.build_opener(*handlers)
        with opener.open(request, timeout=self.configuration.timeout) as answer:
            content = answer.read(MAX_BYTES + 1)
            if len(content) > MAX_BYTES:
                raise ValueError(f"more than {MAX_BYTES} bytes")
            return content, answer.headers.get_content_type(), answer.url

    def _credentials(self, parts: SplitResult) -> tuple[str, str] | None:
        """Those that a configured address holds for this host, else those of ~/.netrc."""
        if parts.netloc in self._secrets:
            return self._secrets[parts.netloc]
        try:
            entry = netrc.netrc(os.environ.get("NETRC")).authenticators(parts.hostname or "")
        except (OSError, netrc.NetrcParseError):
            return None
        return (entry[0], entry[2] or "") if entry else None

    def _context(self, host: str, secret: bool) -> ssl.SSLContext:
        """Unverified for a trusted host, and where the machine knows no certificate at all.

        The second is a Debian without ca-certificates; the hash of the file is verified in
        any case. Credentials are not sent that way.
        """
        trusted = {host, host.partition(":")[0]} & self.configuration.trusted_hosts
        return self._unverified if trusted or not (secret or self._knows_certificates()) else self._verified

    def _knows_certificates(self) -> bool:
        # Those of a folder are read when they are needed, so the context does not list them.
        folder = Path(self.configuration.certificates or ssl.get_default_verify_paths().capath or os.devnull)
        return bool(self._verified.get_ca_certs()) or (folder.is_dir() and any(folder.iterdir()))


def _without_credentials(parts: SplitResult) -> SplitResult:
    return parts._replace(netloc=parts.netloc.rpartition("@")[2])


def _shown(address: str) -> str:
    """An address without its password."""
    return urlunsplit(_without_credentials(urlsplit(address)))


def _reason(error: Exception) -> str:
    cause = getattr(error, "reason", error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted here ({cause.verify_message}; "
            "apt-get install ca-certificates as root, or name the certificates in PIP_CERT)"
        )
    return str(cause)
