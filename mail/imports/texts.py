"""Sentences on what is left out of an import."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mail.reading.chain import LeftOver

REMAINDERS: dict[LeftOver, str | Promise] = {
    LeftOver.NO_TEXT: _("A mail without any text:"),
    LeftOver.TOO_MANY: _("More mails than can be imported at once:"),
    LeftOver.FILE: _("A file; upload it to the case if it is needed:"),
    LeftOver.UNREADABLE: _("A mail that cannot be read:"),
}
