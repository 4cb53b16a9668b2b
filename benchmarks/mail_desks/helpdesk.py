"""django-helpdesk as a desk for the corpus: installed from its lock file, run by its own program."""

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.mail_corpus.building import encoded_words
from benchmarks.mail_corpus.cast import CUSTOMER, NUMBER, OTHER_CUSTOMER
from benchmarks.mail_corpus.corpus import DEFAULT, names
from benchmarks.mail_corpus.labels import LabelledMail, Outcome
from benchmarks.mail_corpus.scoring import Entry, Handled
from benchmarks.mail_desks.portal import FOREIGN_NUMBER, OTHER_NUMBER
from launcher import venv
from mail.reading.charsets import words
from tests.processes import PYTHON

HERE = Path(__file__).resolve().parents[1] / "helpdesk"
SLUG = "support"


def handle(folder: Path, mails: Sequence[LabelledMail]) -> list[dict[str, Any]]:
    """What django-helpdesk has made of each mail, as its program says."""
    place = folder / "helpdesk"
    shutil.copytree(HERE, place)
    packages = place / "packages"
    wanted = ("--require-hashes", "--target", packages, "-r", place / "requirements.txt")
    subprocess.run([*venv.installer(), "--quiet", *wanted], check=True, stdout=sys.stderr)
    desk = {
        "slug": SLUG,
        "mailbox": DEFAULT.mailbox,
        "people": [writer.address for writer in (*names(), OTHER_CUSTOMER)],
        "tickets": [
            {"message_id": DEFAULT.threads[NUMBER].message_id, "submitter": CUSTOMER.address},
            {"message_id": "<other@vendor.example>", "submitter": CUSTOMER.address},
            {"message_id": "<foreign@vendor.example>", "submitter": OTHER_CUSTOMER.address},
        ],
    }
    lines = [desk] + [{"name": mail.name, "raw": base64.b64encode(with_tag(mail)).decode()} for mail in mails]
    done = subprocess.run(
        ["env", f"PYTHONPATH={packages}", str(PYTHON), str(place / "desk.py"), str(place)],
        input="".join(json.dumps(line) + "\n" for line in lines),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


_SUBJECT = re.compile(rb"(?m)^Subject:(.*(?:\r\n[ \t].*)*)\r\n")
_OWN_NAME = re.compile(
    r"[\[【]?\s*(?:案例号|Case)?\s*[:：]?\s*CAS\W{0,3}03282(?:\W{0,3}J6Y6M6)?\s*[\]】]?", re.I
)
_ANSWERS = re.compile(rb"(?mi)^(?:In-Reply-To|References):")
_TOKEN = re.compile(r"CMIT:0*1866\b", re.I)


def with_tag(mail: LabelledMail) -> bytes:
    """The mail with the reference's own tag where its subject names the case, or where only the portal's
    reply address does, of which the reference has none."""
    field = _SUBJECT.search(mail.raw)
    if field is None:
        return mail.raw
    try:
        written = field[1].decode()
    except UnicodeDecodeError:
        written = field[1].decode("gb18030")
    subject = words(" ".join(written.split())).translate(
        {0xFF01 + place: 0x21 + place for place in range(94)}
    )
    tag = f"[{SLUG}-1]"
    tagged, count = _OWN_NAME.subn(tag, re.sub(r"(?<=CAS-0) (?=3282)|(?<=CAS-0328) (?=2)", "", subject))
    tagged = tagged if count else _TOKEN.sub(tag, subject)
    if tag not in tagged:
        if mail.outcome != Outcome.IN_CASE or _ANSWERS.search(mail.raw):
            return mail.raw
        tagged = f"{subject} {tag}"
    return (
        mail.raw[: field.start()] + f"Subject: {encoded_words(tagged)}\r\n".encode() + mail.raw[field.end() :]
    )


_CASES = {1: NUMBER, 2: OTHER_NUMBER, 3: FOREIGN_NUMBER}


def as_shown(lines: Sequence[Mapping[str, Any]]) -> dict[str, Handled]:
    """By what the ticket's page shows."""
    return _handled(lines, cuts=False)


def as_cut(lines: Sequence[Mapping[str, Any]]) -> dict[str, Handled]:
    """As if what its parser of replies cuts off were folded away."""
    return _handled(lines, cuts=True)


def _handled(lines: Sequence[Mapping[str, Any]], *, cuts: bool) -> dict[str, Handled]:
    return {
        line["name"]: Handled(
            [
                Entry(
                    _CASES.get(entry["ticket"], ""),
                    entry["kept"] if cuts else entry["shown"],
                    entry["shown"] if cuts else "",
                )
                for entry in line["entries"]
            ],
            trouble=line["trouble"],
        )
        for line in lines
    }
