"""What could not be read of a mail, in the reader's language."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mail.reading.mail import Trouble

SAID: dict[str, Promise] = {
    Trouble.BROKEN: _("Could not be read, broken"),
    Trouble.ENCRYPTED: _("Could not be read, encrypted"),
    Trouble.ELSEWHERE: _("Did not come with it, kept elsewhere"),
    Trouble.CUT: _("Read in part, too long"),
    Trouble.PARTIAL: _("One piece of a mail that was sent in several"),
    Trouble.TOO_MANY_PARTS: _("Not all of it was read, too many parts"),
    Trouble.TOO_COSTLY: _(
        "Only header and plain text were read, the rest is kept as files: it would have taken too long"
    ),
}
_KIND = "|".join(map(re.escape, Trouble))
_NEXT = re.compile(rf"; (?=(?:{_KIND})(?:: |; |$))")
_FAULT = re.compile(r" \(\w*(?:error|exception)\)$", re.I)
"""The class of what was raised, which stands behind a name for whoever mends it."""


def said(detail: str) -> list[str]:
    """A sentence for each of ``Mail.trouble``, as they are kept: one, or several with “; ” between them. What
    stands behind the kind is the sender's, hostile text."""
    sentences = []
    for trouble in _NEXT.split(detail) if detail else []:
        kind, _colon, name = trouble.partition(": ")
        what = SAID.get(kind)
        if what is None:
            sentences.append(trouble)
            continue
        facts = {"what": what, "name": _FAULT.sub("", name)}
        sentences.append(gettext("%(what)s: %(name)s") % facts if facts["name"] else str(what))
    return sentences
