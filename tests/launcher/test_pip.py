"""A Python without pip gets it from the configured index, and runs nothing but the pinned file."""

import base64
import hashlib
import json
import os
import ssl
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from launcher.halt import Halt
from launcher.pip import configuration as pip_configuration
from launcher.pip import index as package_index
from launcher.pip import wheel as pip_wheel
from tests.uploads.proxy import certificate

WHEEL = "pip-9.9-py3-none-any.whl"
CONTENT = b"the bytes of the wheel"
SHA256 = "aa6850f0c540c807aa7ccb6a1a9d9530da4a8a8160b9b859c37c660785e61028"
PIP = (
    "import os, pathlib, sys\n"
    "pathlib.Path('ran').write_text(f'{sys.argv[1:3]} {os.environ[\"PIP_CONFIG_FILE\"]}')\n"
)
JSON, HTML = "application/vnd.pypi.simple.v1+json", "text/html"


class Index:
    """A package index on this machine; ``answers`` are by path, ``requests`` what it was asked."""

    def __init__(self, pem: Path | None = None) -> None:
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.requests: list[tuple[str, str | None]] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                index.requests.append((self.path, self.headers["Authorization"]))
                status, kind, body = index.answers.get(self.path, (404, HTML, b""))
                self.send_response(status)
                self.send_header("Location" if status == 302 else "Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if pem is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(pem)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http{'s' if pem else ''}://{self.host}/simple"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def holds(self, content: bytes = CONTENT) -> None:
        """A page that links to the wheel, relative to itself, and the wheel."""
        page = f'<a href="pip-1.0.tar.gz">old</a><a href="../../files/{WHEEL}#sha256=0">{WHEEL}</a>'
        self.answers["/simple/pip/"] = (200, HTML, page.encode())
        self.answers[f"/files/{WHEEL}"] = (200, "application/octet-stream", content)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def index() -> Iterator[Index]:
    index = Index()
    yield index
    index.close()


@pytest.fixture
def secure_index(tmp_path: Path) -> Iterator[Index]:
    """One that speaks https with a certificate of its own, proxy.pem in the test's folder."""
    index = Index(certificate(tmp_path))
    index.holds()
    yield index
    index.close()


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("PIP_", "XDG_", "SSL_CERT")) or "PROXY" in name.upper() or "BUNDLE" in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(pip_configuration, "MACHINE", tmp_path / "etc" / "pip.conf")
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setattr(package_index, "PAUSE", 0.0)


def fetched(**more: str) -> bytes:
    configuration = pip_configuration.read({**os.environ, **more})
    return package_index.fetch("pip", WHEEL, {SHA256}, configuration)


def configure(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_wheel_is_found_on_a_page_of_links(index: Index) -> None:
    index.holds()
    assert fetched(PIP_INDEX_URL=index.url) == CONTENT


def test_the_wheel_is_found_by_json(index: Index) -> None:
    index.holds()
    files = [{"filename": WHEEL, "url": f"http://{index.host}/files/{WHEEL}"}]
    index.answers["/simple/pip/"] = (200, JSON, json.dumps({"files": files}).encode())
    assert fetched(PIP_INDEX_URL=index.url + "/") == CONTENT


def test_the_wheel_is_found_in_folders(tmp_path: Path) -> None:
    shelf = tmp_path / "a shelf"
    configure(shelf / "pip" / WHEEL, CONTENT.decode())
    assert fetched(PIP_INDEX_URL=shelf.as_uri()) == CONTENT
    assert fetched(PIP_NO_INDEX="1", PIP_FIND_LINKS=(shelf / "pip").as_uri()) == CONTENT


def test_a_second_index_is_asked_when_the_first_has_none(index: Index) -> None:
    index.holds()
    empty = f"http://{index.host}/empty"
    assert fetched(PIP_INDEX_URL=empty, PIP_EXTRA_INDEX_URL=f"{empty} {index.url}") == CONTENT


def test_other_bytes_under_the_name_are_refused(index: Index) -> None:
    index.holds(b"something else")
    with pytest.raises(Halt, match="SHA-256 differs"):
        fetched(PIP_INDEX_URL=index.url)


def test_an_index_without_the_wheel_is_named_without_its_password(index: Index) -> None:
    with pytest.raises(Halt) as halt:
        fetched(PIP_INDEX_URL=f"http://someone:secret@{index.host}/simple")
    sentence = str(halt.value)
    assert f"http://{index.host}/simple/pip/: Not Found" in sentence
    assert "set PIP_INDEX_URL" in sentence and "secret" not in sentence


@pytest.mark.parametrize("page", [b"\xff{", b'{"meta": {}}', b"[]"])
def test_an_index_that_talks_nonsense_is_named(index: Index, page: bytes) -> None:
    index.answers["/simple/pip/"] = (200, JSON, page)
    with pytest.raises(Halt, match=f"{index.host}/simple/pip/: .*set PIP_INDEX_URL"):
        fetched(PIP_INDEX_URL=index.url)


def test_credentials_go_to_the_index_and_to_nobody_else(index: Index) -> None:
    index.holds()
    index.answers["/simple/pip/"] = (302, f"http://{index.host}/elsewhere/pip/", b"")
    index.answers["/elsewhere/pip/"] = (200, HTML, f'<a href="/files/{WHEEL}">'.encode())
    basic = "Basic " + base64.b64encode(b"someone:se:cret").decode()
    assert fetched(PIP_INDEX_URL=f"http://someone:se%3Acret@{index.host}/simple") == CONTENT
    wheel = f"/files/{WHEEL}"
    assert index.requests == [("/simple/pip/", basic), ("/elsewhere/pip/", None), (wheel, basic)]


def test_credentials_of_the_account_are_found_in_its_netrc(index: Index, tmp_path: Path) -> None:
    index.holds()
    configure(tmp_path / "home" / ".netrc", "machine 127.0.0.1 login someone password secret\n")
    (tmp_path / "home" / ".netrc").chmod(0o600)
    assert fetched(PIP_INDEX_URL=index.url) == CONTENT
    assert index.requests[0][1] == "Basic " + base64.b64encode(b"someone:secret").decode()


def test_a_trusted_certificate_is_one_that_the_configuration_names(
    secure_index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "of the machine").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path / "of the machine")))
    with pytest.raises(Halt, match=r"certificate is not trusted here.*PIP_CERT"):
        fetched(PIP_INDEX_URL=secure_index.url)
    assert fetched(PIP_INDEX_URL=secure_index.url, PIP_CERT=str(tmp_path / "proxy.pem")) == CONTENT
    assert fetched(PIP_INDEX_URL=secure_index.url, REQUESTS_CA_BUNDLE=str(tmp_path / "proxy.pem")) == CONTENT
    assert fetched(PIP_INDEX_URL=secure_index.url, PIP_TRUSTED_HOST="127.0.0.1") == CONTENT


def test_a_machine_without_certificates_goes_by_the_hash_alone_and_sends_no_password(
    secure_index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    assert fetched(PIP_INDEX_URL=secure_index.url) == CONTENT
    asked = len(secure_index.requests)
    with pytest.raises(Halt, match="certificate is not trusted here"):
        fetched(PIP_INDEX_URL=secure_index.url.replace("//", "//someone:secret@"))
    assert len(secure_index.requests) == asked


def test_later_files_win_over_earlier_ones_and_the_environment_over_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first() -> str:
        return pip_configuration.read(os.environ).indexes[0]

    configure(tmp_path / "xdg" / "pip" / "pip.conf", "[global]\nindex-url = http://xdg/\n")
    assert first() == "http://xdg/"
    configure(tmp_path / "etc" / "pip.conf", "[global]\nindex-url = http://machine/\n")
    assert first() == "http://machine/"
    configure(tmp_path / "home" / ".pip" / "pip.conf", "[global]\nindex_url: http://old-home/\n")
    assert first() == "http://old-home/"
    configure(tmp_path / "home" / ".config" / "pip" / "pip.conf", "[global]\nindex-url = http://home/\n")
    assert first() == "http://home/"
    configure(tmp_path / "prefix" / "pip.conf", "[install]\nindex-url = http://install/\n")
    assert first() == "http://install/"
    monkeypatch.setenv("PIP_INDEX_URL", "http://environment/")
    assert first() == "http://environment/"


def test_several_values_stand_on_lines_or_apart(tmp_path: Path) -> None:
    configure(
        tmp_path / "etc" / "pip.conf",
        "[global]\nindex-url = http://a/\nextra-index-url =\n    http://b/\n    http://c/\nproxy = http://p:1\n"
        "find-links = /x file:///y\ntrusted-host = a b:444\ntimeout = 7\ncert = /certificates.pem\n",
    )
    assert pip_configuration.read({}) == pip_configuration.PipConfiguration(
        indexes=("http://a/", "http://b/", "http://c/"),
        find_links=("/x", "file:///y"),
        certificates="/certificates.pem",
        proxy="http://p:1",
        trusted_hosts=frozenset({"a", "b:444"}),
        timeout=7.0,
    )


@pytest.mark.parametrize(
    ("text", "sentence"), [("[global\n", "cannot be read"), ("[global]\ntimeout = soon\n", "timeout = soon")]
)
def test_a_configuration_that_is_none_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    configure(tmp_path / "etc" / "pip.conf", text)
    with pytest.raises(Halt, match=sentence):
        pip_configuration.read({})


def test_an_index_that_nobody_configured_is_pips_own(tmp_path: Path) -> None:
    from pip._internal.models.index import PyPI

    assert pip_configuration.read({"HOME": str(tmp_path)}).indexes == (PyPI.simple_url,)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that pins a pip which only notes that it was run."""
    wheel = tmp_path / WHEEL
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pip/__main__.py", PIP)
    pin = tmp_path / "requirements-pip.txt"
    pin.write_text(
        f"pip==9.9 \\\n    --hash=sha256:{'0' * 64} \\\n"
        f"    --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    )
    monkeypatch.setattr(pip_wheel, "PIN", pin)
    monkeypatch.setattr(pip_wheel, "ROOT", tmp_path)
    monkeypatch.setattr("launcher.steps.ROOT", tmp_path)
    monkeypatch.setattr("launcher.steps.LOG", tmp_path / "setup.log")
    return tmp_path


def test_the_pinned_pip_is_run_and_fetched_only_once(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.holds((project / WHEEL).read_bytes())
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    pip_wheel.install(Path(sys.executable))
    assert (project / "ran").read_text() == "['--isolated', 'install'] /dev/null"
    index.answers.clear()
    pip_wheel.install(Path(sys.executable))


def test_another_pip_is_never_run_whether_fetched_or_found(
    index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = project / WHEEL
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("pip/evil.py", "")
    index.holds(wheel.read_bytes())
    monkeypatch.setenv("PIP_INDEX_URL", index.url)
    cached_wheel = project / "var" / "pip" / WHEEL
    cached_wheel.parent.mkdir(parents=True)
    cached_wheel.write_bytes(wheel.read_bytes())
    with pytest.raises(Halt, match=r"SHA-256 differs.*python3-venv"):
        pip_wheel.install(Path(sys.executable))
    assert not (project / "ran").exists()
