"""What a browser does for whoever follows a link: cookies, forms as the page has them, uploads by tus."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

TIMEOUT = 120
"""Seconds for one answer of a busy machine."""


@dataclass
class Form:
    """``values``: what the page has filled in, by name. ``options``: of each select their values by label."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass
class Page:
    """What an address has answered."""

    address: str
    status: int
    text: str

    def form(self, *, name: str = "", action: str = "") -> Form:
        """The first form that posts and has a field of this name, or an address that holds ``action``."""
        parser = _Forms()
        parser.feed(self.text)
        posting = (form for form in parser.forms if form.method == "post")
        return next(form for form in posting if (not name or name in form.names) and action in form.action)

    def option(self, name: str, words: str) -> str:
        """The value of the one option of a select whose label says so."""
        options = self.form(name=name).options[name]
        (value,) = (value for label, value in options.items() if words in label)
        return value

    def data(self, name: str) -> str:
        """Of an attribute ``data-…``."""
        found = re.search(rf'data-{name}="([^"]*)"', self.text)
        assert found is not None, f"no data-{name} on {self.address}"
        return found[1]


class Browser:
    """One person's, with her cookies."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, address: str) -> Page:
        return self._ask(Request(address))

    def submit(self, page: Page, form: Form, **values: str | list[str]) -> Page:
        """Sends a form of the page, with ``values`` in place of those filled in; a list may be empty."""
        given = [(name, value) for name, value in form.values if name not in values]
        for name, value in values.items():
            given += [(name, each) for each in ([value] if isinstance(value, str) else value)]
        address = urljoin(page.address, form.action)
        headers = {"Referer": page.address, "Origin": _origin(address)}
        return self._ask(Request(address, urlencode(given).encode(), headers))

    def sign_in(self, page: Page, email: str, password: str) -> Page:
        """Fills in the page that asks who one is; the page that she came for."""
        return self.submit(page, page.form(name="password"), login=email, password=password)

    def upload(self, page: Page, name: str, content: bytes) -> None:
        """By the page's upload panel, as its script does: created, then sent in two parts (tus 1.0)."""
        encoded = {"filename": name, "case": page.data("case")}
        metadata = ",".join(
            f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in encoded.items()
        )
        headers = {
            "Tus-Resumable": "1.0.0",
            "X-CSRFToken": page.data("csrf"),
            "Referer": page.address,
            "Origin": _origin(page.address),
        }
        create = headers | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
        endpoint = urljoin(page.address, page.data("endpoint"))
        with self._opener.open(Request(endpoint, b"", create), timeout=TIMEOUT) as answer:
            assert answer.status == 201
            place = urljoin(endpoint, answer.headers["Location"])
        half = len(content) // 2
        for offset, part in ((0, content[:half]), (half, content[half:])):
            send = headers | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
            with self._opener.open(Request(place, part, send, method="PATCH"), timeout=TIMEOUT) as answer:
                assert answer.status == 204

    def _ask(self, request: Request) -> Page:
        try:
            with self._opener.open(request, timeout=TIMEOUT) as answer:
                return _page(answer.url, answer.status, answer)
        except HTTPError as error:
            return _page(error.url, error.code, error)


def _page(address: str, status: int, body: IO[bytes]) -> Page:
    return Page(address, status, body.read().decode("utf-8", "replace"))


def _origin(address: str) -> str:
    scheme, host, *_ = urlsplit(address)
    return f"{scheme}://{host}"


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = self._label = ""
        self._chosen: str | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(facts.get("action", ""), facts.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(self._form, facts)
        elif tag == "textarea":
            self._area, self._words = facts["name"], []
        elif tag == "select":
            self._select, self._chosen = facts["name"], None
            self._form.names.add(self._select)
            self._form.options[self._select] = {}
        elif tag == "option":
            self._label, self._words = facts.get("value", ""), []
            if self._chosen is None or "selected" in facts:
                self._chosen = self._label

    def _input(self, form: Form, facts: dict[str, str]) -> None:
        name, kind = facts.get("name", ""), facts.get("type", "text")
        if not name or kind in {"submit", "file", "button"}:
            return
        form.names.add(name)
        if kind not in {"checkbox", "radio"} or "checked" in facts:
            form.values.append((name, facts.get("value", "on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "textarea":
            self._form.names.add(self._area)
            # As browsers do: the line break after the tag is no part of it.
            self._form.values.append((self._area, "".join(self._words).removeprefix("\n")))
        elif tag == "option":
            self._form.options[self._select]["".join(self._words).strip()] = self._label
        elif tag == "select" and self._chosen is not None:
            self._form.values.append((self._select, self._chosen))
        elif tag == "form":
            self._form = None
