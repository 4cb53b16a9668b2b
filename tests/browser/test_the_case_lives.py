"""A walk through each object and state of a case, and each mail that tells of one: in both languages, wide
and narrow, usable by everybody."""

from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mail.notifications.kinds import KINDS
from tests.browser.people import Visits, lived, pictures, reading
from tests.pictures import keep_page

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.processes import Portal

CHECK = (Path(__file__).parent / "accessibility.js").read_text("utf-8")
STATES = (
    *("scope", "agreed", "asked", "analysed", "not_solved", "paused", "suspended", "closed", "back"),
    *("double", "followed"),
)
"""The cases that engineer and customer both look at."""
LANGUAGES = {"zh": "中文", "en": "English"}
SEEN_BY_ENGINEERS = {
    "analysed": (".run-changed", "form[action$='/discard-older/']"),
    "not_solved": ("#outcome-head .pill-warn", ".entry-reading [value=yes]"),
    "back": (".entry-reading [value=no]",),
    "report-draft": ("[name=change_zh]",),
    "report-preview": (".sides",),
}
"""What stands on a page beside that it is there."""
DAILY = {("digest", "customer"), ("digest", "vendor")}
SHEET = 9
"""Mails on one picture."""
FRAMES = """mails => {
  document.body.style.margin = "0";
  for (const [title, html] of mails) {
    const head = document.createElement("h2"), frame = document.createElement("iframe");
    head.textContent = title;
    frame.style.cssText = "width:100%;border:0;display:block";
    const begun = document.body.childElementCount > 0;
    frame.srcdoc = begun ? html.replace(/<blockquote[^]*<\\/blockquote>/, "") : html;
    frame.title = title;
    document.body.append(head, frame);
  }
}"""
LOADED = "[...document.querySelectorAll('iframe')].every(one => one.contentDocument.body?.childElementCount)"
FIT = """() => [...document.querySelectorAll("iframe")].filter(frame => {
  const page = frame.contentDocument.documentElement;
  frame.style.height = "0";
  frame.style.height = page.scrollHeight + "px";
  return page.scrollWidth > frame.clientWidth;
}).map(frame => frame.title)"""


class Walk:
    """One person's tab, and what is wrong on the pages that she has seen."""

    def __init__(self, page: "Page", folder: Path, who: str) -> None:
        self.page, self.folder, self.who = page, folder, who
        self.wrong: list[str] = []

    def look(self, addresses: dict[str, str], seen: dict[str, tuple[str, ...]] | None = None) -> None:
        """Each address in both languages at both widths, with what has to be ``seen`` there."""
        for short, language in LANGUAGES.items():
            reading(self.page, language)
            for name, address in addresses.items():
                answer = self.page.goto(address)
                assert answer is not None and answer.ok, address
                for place in (seen or {}).get(name, ()):
                    assert self.page.locator(place).count(), f"{name}: no {place}"
                if short == "zh":
                    self.wrong += [f"{name}: {each}" for each in self.page.evaluate(CHECK)]
                pictures(self.page, self.folder, f"{self.who}-{name}-{short}")
        reading(self.page, "中文")


@pytest.fixture(scope="module")
def made(_demo_portal: "Portal") -> dict[str, Any]:
    """The numbers of the cases by state, and ``letters``: id, kind and reader of each mail."""
    return lived(_demo_portal, "lived_cases")


def test_the_customer_sees_where_her_case_stands(
    visits: Visits, made: dict[str, Any], artifact_folder: Path
) -> None:
    addresses = {name: f"/cases/{made[name]}/" for name in ("new", *STATES)}
    with visits.signed_in("chemist") as page:
        walk = Walk(page, artifact_folder, "customer")
        page.goto(addresses["asked"])
        cannot = page.locator("a[href$='/cannot/']").first.get_attribute("href")
        assert cannot is not None
        addresses |= {
            "cannot": cannot,
            "again": f"/cases/{made['closed']}/again/",
            "notifications": "/mail/notifications/",
            "home": "/",
            "report-superseded": f"/analysis/{made['analysed']}/report/1/",
            "report-revised": f"/analysis/{made['analysed']}/report/2/",
        }
        walk.look(addresses)
    assert not walk.wrong, "\n".join(sorted(set(walk.wrong)))


def test_a_mails_link_asks_without_signing_in(
    visits: Visits, made: dict[str, Any], artifact_folder: Path
) -> None:
    wrong: list[str] = []
    with visits.signed_out() as page:
        for name, address in made["answers"].items():
            answer = page.goto(address)
            assert answer is not None and answer.status == (410 if name == "void" else 200), name
            wrong += [f"{name}: {each}" for each in page.evaluate(CHECK)]
            pictures(page, artifact_folder, f"link-{name}")
    visits.complaints = [each for each in visits.complaints if "410" not in each]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_the_engineer_sees_what_was_said_and_what_came_by_mail(
    visits: Visits, made: dict[str, Any], artifact_folder: Path
) -> None:
    addresses = {name: f"/cases/{made[name]}/" for name in STATES}
    shown = {"parked", "aside", "taken", "sent", "lost"}
    addresses |= {f"mails-{show}": f"/mail/?show={show}" for show in sorted(shown)}
    addresses |= {"import": f"/mail/cases/{made['new']}/import/", "notifications": "/mail/notifications/"}
    addresses |= {"canned": "/canned-replies/", "home": "/"}
    for act in ("request", "outcome/record", "edit", "relations", "suspend", "scope"):
        addresses[f"form-{act.replace('/', '-')}"] = f"/cases/{made['asked']}/{act}/"
    addresses["report-draft"] = f"/analysis/{made['analysed']}/report/4/edit/"
    addresses["report-preview"] = f"/analysis/{made['analysed']}/report/4/"
    with visits.signed_in("engineer4") as page:
        walk = Walk(page, artifact_folder, "engineer")
        page.goto("/mail/?show=taken")
        letters = made["letters"]
        addresses["mail"] = f"/mail/{letters[0][0]}/"
        walk.look(addresses, SEEN_BY_ENGINEERS)
        _look_at_the_mails(page, letters, artifact_folder)
    assert not walk.wrong, "\n".join(sorted(set(walk.wrong)))


def _look_at_the_mails(page: "Page", letters: list[list[str]], folder: Path) -> None:
    """The first mail of each kind as each reader sees it, several on a picture; the thread below it on the
    first alone. Of each kind there is one in both languages, on both sides if it is told there."""
    by_reader: dict[str, list[tuple[str, str]]] = {}
    seen = set()
    firsts: dict[tuple[str, str], list[str]] = {}
    for letter in letters:
        firsts.setdefault((letter[1], letter[2]), letter)
    for key, kind, reader, side, language in firsts.values():
        answer = page.request.get(f"/mail/{key}/html/")
        assert answer.ok, kind
        assert f'<html lang="{language}">' in answer.text(), (kind, reader)
        seen.add((kind, side, language))
        by_reader.setdefault(reader, []).append((kind, answer.text()))
    sides = {"customer": attrgetter("customer"), "vendor": attrgetter("vendor")}
    told = {(str(kind), side) for kind, facts in KINDS.items() for side, of in sides.items() if of(facts)}
    assert seen == {(*one, language) for one in told | DAILY for language in ("zh-hans", "en")}
    page.goto("about:blank")
    for reader, mails in by_reader.items():
        for first in range(0, len(mails), SHEET):
            page.set_content("<!doctype html><title>-</title>")
            page.evaluate(FRAMES, mails[first : first + SHEET])
            page.wait_for_function(LOADED)
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert not page.evaluate(FIT), "wider than its reader's window"
                keep_page(page, folder / f"mails-{reader}-{first // SHEET}-{width}.png")


def test_the_administrator_sets_how_mails_look(visits: Visits, artifact_folder: Path) -> None:
    with visits.signed_in("admin") as page:
        for short, language in LANGUAGES.items():
            page.goto("/")
            reading(page, language)
            page.goto("/admin/mail/mailsettings/")
            assert page.locator("[name=_test]").count() == 1
            pictures(page, artifact_folder, f"admin-mail-{short}")
        page.goto("/")
        reading(page, "中文")
