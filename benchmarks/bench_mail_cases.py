"""306 mails in the shapes of real clients: what becomes of them here and in django-helpdesk 2.6.1.

The portal gets each mail by ``store_raw`` and reads it as a worker does, in the sandbox, on a database of
its own. The reference is installed into a temporary folder (benchmarks/helpdesk/) and fed as its mailbox
reader feeds itself. It knows a case by ``[support-1]`` in the subject, so it gets the corpus with that in
the place of our number, however strangely the number was written. It is counted twice: by what its page
shows, which is all of a mail, and as if that were what its own parser of replies leaves.

Run: ``.venv/bin/python -m benchmarks.bench_mail_cases [--names] [--alone]``
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_upload import database_and_broker
from benchmarks.mail_corpus.labels import Desk

if TYPE_CHECKING:
    from benchmarks.mail_corpus.scoring import Score

FIELDS: dict[str, str] = {
    "wrong_case": "in a wrong case",
    "lost": "lost: in no case and on no page",
    "doubled": "doubled",
    "robots_posted": "robots posted",
    "forged_posted": "forged posted",
}
SHARES = {
    "in_case": ("in the right case", 99.0),
    "visible": ("new text visible", 100.0),
    "folded": ("old text folded", 98.0),
}


def main() -> int:
    """Measures and prints; 1 if the portal misses a target."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--names", action="store_true", help="tell which mails were missed")
    parser.add_argument("--alone", action="store_true", help="without the reference")
    wanted = parser.parse_args()
    settings = {
        "MAIL_AUTHSERV_ID": Desk.authserv_id,
        "DEFAULT_FROM_EMAIL": Desk.mailbox,
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as name:
        folder = Path(name)
        with database_and_broker(folder, **settings):
            logging.disable(logging.WARNING)
            scores = measure(folder, alone=wanted.alone)
    tell(scores)
    if wanted.names:
        print(json.dumps({desk: vars(each) for desk, each in scores.items()}, indent=1))
    ours = scores["portal"]
    return int(
        any(getattr(ours, field) for field in FIELDS)
        or any(getattr(ours, field) < least for field, (_, least) in SHARES.items())
    )


def measure(folder: Path, *, alone: bool) -> dict[str, "Score"]:
    """The scores by desk."""
    # All of these need the models.
    from benchmarks.mail_corpus.corpus import corpus
    from benchmarks.mail_corpus.scoring import score
    from benchmarks.mail_desks import helpdesk, portal

    mails = list(corpus(portal.open_desk(most_an_hour=1000)))
    scores = {"portal": score(mails, {mail.name: portal.handle(mail.raw) for mail in mails})}
    if not alone:
        mails = list(corpus())
        lines = helpdesk.handle(folder, mails)
        scores["helpdesk"] = score(mails, helpdesk.as_shown(lines))
        scores["helpdesk, replies cut"] = score(mails, helpdesk.as_cut(lines))
    return scores


def tell(scores: Mapping[str, "Score"]) -> None:
    """The table, as docs/figures.md has it."""
    print(f"| mails | {' | '.join(scores)} | target |")
    print("|---" * (len(scores) + 2) + "|")
    for field, label in FIELDS.items():
        cells = [str(len(getattr(each, field))) for each in scores.values()]
        print(f"| {label} | {' | '.join(cells)} | 0 |")
    for field, (label, least) in SHARES.items():
        cells = [f"{getattr(each, field):.1f} %" for each in scores.values()]
        print(f"| {label} | {' | '.join(cells)} | at least {least:g} % |")
    ours = scores["portal"]
    print(f"ratio mail/right case {ours.in_case:.1f} (target at least 99 of 100)")
    print(f"ratio mail/new text visible {ours.visible:.1f} (target 100 of 100)")
    print(f"ratio mail/old text folded {ours.folded:.1f} (target at least 98 of 100)")


if __name__ == "__main__":
    sys.exit(main())
