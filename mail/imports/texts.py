"""Sentences on what an import has done, and on what it leaves out."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mail.imports.services import Imported
from mail.reading.chain import LeftOver

REMAINDERS: dict[LeftOver, str | Promise] = {
    LeftOver.NO_TEXT: _("A mail without any text:"),
    LeftOver.TOO_MANY: _("More mails than can be imported at once:"),
    LeftOver.FILE: _("A file; upload it to the case if it is needed:"),
    LeftOver.UNREADABLE: _("A mail that cannot be read:"),
}


def told_of(done: Imported) -> str:
    """How many mails came in, who reads them, and what did not."""
    counted = [
        (done.new, ngettext("%(n)s mail imported.", "%(n)s mails imported.", done.new)),
        (done.internal, ngettext("%(n)s of them is internal.", "%(n)s of them are internal.", done.internal)),
        (done.left_out, ngettext("%(n)s was left out.", "%(n)s were left out.", done.left_out)),
        (
            done.withheld,
            ngettext(
                "%(n)s quotation of an internal mail was left out.",
                "%(n)s quotations of internal mails were left out.",
                done.withheld,
            ),
        ),
    ]
    return " ".join(
        sentence % {"n": count} for place, (count, sentence) in enumerate(counted) if count or not place
    )
