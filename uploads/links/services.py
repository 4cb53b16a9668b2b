"""Upload links: a right to upload to one case without signing in, made by the vendor's people.

The secret in a link's address has 256 random bits; only its SHA-256 is kept. Everything that is
done by a link stands in the history of its case.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts import rate_limit
from accounts.errors import NotAllowed
from accounts.languages import current_language, language_at
from accounts.tokens import digest_of
from cases import rights
from cases.events import EventKind
from cases.reminders.models import ReminderPlan
from cases.working_days.counting import WorkingDays
from engine.text_safety import without_nul
from uploads.custody.agreements import in_force
from uploads.custody.models import Consent
from uploads.custody.privacy import version_in_force
from uploads.links.addresses import secret_of
from uploads.links.errors import (
    CodeMissing,
    LinkEnded,
    LinkFull,
    LinkUsedUp,
    NoSuchLink,
    RequestSettled,
    WrongCode,
)
from uploads.links.models import UploadLink
from uploads.transfer import services
from uploads.transfer.models import Upload

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from accounts.models import User
    from cases.evidence_requests.models import EvidenceRequest
    from cases.models import Case

CODE_LIFE = timedelta(minutes=20)
MAX_CODE_TRIES = 5
MAX_LIFE = timedelta(days=60)
COLLECTOR_LIFE = timedelta(days=14)
MAX_UPLOADS_OF_COLLECTOR = 5
GRACE = timedelta(days=14)
MAX_UPLOADS_FOR_REQUEST = 200
USE_TOLD_EVERY = timedelta(hours=1)
"""Opening the page is told in the history at most this often."""
OPENED = "opened_upload_links"

MADE = gettext_noop("An upload link was made.")
REVOKED = gettext_noop("An upload link was revoked.")
OPENED_BY_SOMEBODY = gettext_noop("The page of an upload link was opened.")
AGREED = gettext_noop("The privacy statement was agreed to by an upload link.")
BEGUN = gettext_noop("An upload was begun by an upload link.")
CODE_SENT = gettext_noop("A code for an upload link was sent by mail.")
COLLECTOR = gettext_noop("The log collector was downloaded, with an upload link of its own.")


def make(
    *,
    by: User | None,
    case: Case,
    expires_at: datetime,
    most_bytes: int,
    most_uploads: int,
    asked: str = "",
    mail: str = "",
    shows_request: bool = False,
    person: User | None = None,
) -> tuple[UploadLink, str]:
    """A new link and its secret, which nobody can read again; at most ``MAX_LIFE`` long. ``person``: the
    reader of a mail that it is for (``uploads.links.addresses``). ``by``: ``None`` for the portal, which
    makes one for whoever may upload to the case anyway.

    Raises ``NotAllowed``.
    """
    may = rights.may_change_status(by, case) if by else person is not None and rights.may_reply(person, case)
    if not may:
        raise NotAllowed()
    link = UploadLink(
        case=case,
        made_by=by,
        expires_at=min(expires_at, timezone.now() + MAX_LIFE),
        most_bytes=most_bytes,
        most_uploads=most_uploads,
        asked=without_nul(asked).strip()[:2000],
        mail=mail.strip(),
        shows_request=shows_request,
        person=person,
    )
    return link, _keep(link, MADE, by)


@transaction.atomic
def for_request(request: EvidenceRequest, person: User, *, prolong: bool) -> UploadLink | None:
    """The link by which this reader of its mails uploads what is asked for; ``None`` where it has ended. Its
    making is told by the request. ``prolong``: it is open from now on as long as it is waited for; a mail
    that whoever holds the link brings about himself must not do so."""
    fresh = UploadLink(
        request=request,
        person=person,
        case=request.case,
        made_by=request.made_by,
        expires_at=min(_waited_for_until(), timezone.now() + MAX_LIFE),
        most_bytes=settings.UPLOAD_MAX_SIZE,
        most_uploads=MAX_UPLOADS_FOR_REQUEST,
        shows_request=True,
    )
    fresh.digest = digest_of(secret_of(fresh))
    UploadLink.objects.bulk_create([fresh], ignore_conflicts=True)
    link = UploadLink.objects.select_related("case", "request", "person").get(request=request, person=person)
    if prolong and link.expires_at < fresh.expires_at:
        link.expires_at = fresh.expires_at
        link.save(update_fields=["expires_at"])
    return link if link.is_open and not link.is_settled else None


def _waited_for_until() -> datetime:
    """Somewhat longer than until a case whose customer stays silent is closed for the time being."""
    day = ReminderPlan.in_force().closing_day or 0
    return WorkingDays.in_force().after(timezone.now(), day) + GRACE


def make_for_collector(*, by: User, answers: User, case: Case) -> tuple[UploadLink, str]:
    """The link inside one download of the collector by ``by``; ``answers`` set the collector up."""
    link = UploadLink(
        case=case,
        made_by=answers,
        expires_at=timezone.now() + COLLECTOR_LIFE,
        most_bytes=settings.UPLOAD_MAX_SIZE,
        most_uploads=MAX_UPLOADS_OF_COLLECTOR,
        is_collector=True,
    )
    return link, _keep(link, COLLECTOR, by)


@transaction.atomic
def _keep(link: UploadLink, reason: str, actor: User | None) -> str:
    """Stores a new link; its secret."""
    secret = secret_of(link) if link.person else secrets.token_urlsafe(32)
    link.digest = digest_of(secret)
    link.save(force_insert=True)
    _record(link, reason, actor)
    return secret


def revoke(link: UploadLink, *, by: User) -> None:
    """Ends the link at once, with its unfinished uploads; what is complete stays evidence.

    Raises ``NotAllowed``.
    """
    if not rights.may_change_status(by, link.case):
        raise NotAllowed()
    with transaction.atomic():
        changed = UploadLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
        if changed:
            _record(link, REVOKED, by)
    for upload in Upload.objects.unfinished().filter(link=link):
        services.discard(upload)


def find(secret: str, address: str) -> UploadLink:
    """The link of that secret, ended or not. Raises ``NoSuchLink``, ``TooOften``."""
    links = UploadLink.objects.select_related("case", "request", "person")
    link = links.filter(digest=digest_of(secret)).first()
    if link is None:
        rate_limit.count("no-such-link", address, 30, 600)
        raise NoSuchLink()
    return link


def require_open(link: UploadLink) -> None:
    """Raises ``LinkEnded``."""
    if not link.is_open:
        raise RequestSettled() if link.request else LinkEnded()


def open_link(secret: str, address: str) -> UploadLink:
    """The link of that secret, open now. Raises ``NoSuchLink``, ``LinkEnded``, ``TooOften``."""
    link = find(secret, address)
    require_open(link)
    return link


def admit(request: HttpRequest, secret: str) -> UploadLink:
    """The open link of that secret, its code entered if it wants one.

    Raises ``NoSuchLink``, ``LinkEnded``, ``TooOften``, ``CodeMissing``.
    """
    link = open_link(secret, rate_limit.address_of(request))
    if must_enter_code(request, link):
        raise CodeMissing()
    return link


def must_enter_code(request: HttpRequest, link: UploadLink) -> bool:
    """Whether this browser has yet to show the code that was mailed."""
    return bool(link.mail) and str(link.pk) not in request.session.get(OPENED, ())


def note_opening(link: UploadLink) -> None:
    """Remembers that somebody opened the page."""
    now = timezone.now()
    quiet = models.Q(used_at=None) | models.Q(used_at__lt=now - USE_TOLD_EVERY)
    with transaction.atomic():
        if UploadLink.objects.filter(quiet, pk=link.pk).update(used_at=now):
            _record(link, OPENED_BY_SOMEBODY)


def send_code(link: UploadLink) -> None:
    """Mails a new code; older ones do not open any more. Raises ``TooOften``."""
    rate_limit.count("link-code", str(link.pk), 4, 900)
    code = f"{secrets.randbelow(10**8):08d}"
    link.code_digest, link.code_tries = _code_digest(link, code), 0
    link.code_until = timezone.now() + CODE_LIFE
    link.save(update_fields=["code_digest", "code_tries", "code_until"])
    minutes = int(CODE_LIFE.total_seconds() // 60)
    with override(language_at(link.mail)):
        body = _("The code for your upload page: %(code)s\n\nIt opens the page for %(minutes)s minutes.")
        text = body % {"code": code, "minutes": minutes}
        send_mail(_("Your code for uploading"), f"{_('Hello,')}\n\n{text}", None, [link.mail])
    _record(link, CODE_SENT)


def enter_code(request: HttpRequest, link: UploadLink, code: str) -> None:
    """Opens the page for this browser. Raises ``WrongCode``."""
    now = timezone.now()
    # Counted before it is compared: many at once get no more tries than one after another.
    tried = UploadLink.objects.filter(pk=link.pk, code_tries__lt=MAX_CODE_TRIES, code_until__gt=now).update(
        code_tries=models.F("code_tries") + 1
    )
    given = _code_digest(link, "".join(code.split()))
    if not tried or not hmac.compare_digest(given, link.code_digest):
        raise WrongCode()
    UploadLink.objects.filter(pk=link.pk).update(code_digest="", code_until=None)
    request.session.cycle_key()
    request.session[OPENED] = [*request.session.get(OPENED, ()), str(link.pk)][-20:]


def agree(link: UploadLink) -> Consent:
    """Records that whoever holds the link agrees to the statement in force; once."""
    with transaction.atomic():
        consent, made = Consent.objects.get_or_create(
            link=link,
            version=version_in_force(),
            withdrawn_at=None,
            defaults={"case": link.case, "language": current_language()},
        )
        if made:
            _record(link, AGREED)
    return consent


def has_agreed(link: UploadLink) -> bool:
    """Whether the statement in force is agreed to by this link."""
    return in_force().filter(link=link).exists()


def uploads_of(link: UploadLink) -> models.QuerySet[Upload]:
    """The uploads that count: complete or under way."""
    alive = models.Q(offset=models.F("size")) | models.Q(expires_at__gt=timezone.now())
    return Upload.objects.filter(alive, link=link, gone_at=None)


def is_used_up(link: UploadLink) -> bool:
    """Whether no further upload may begin."""
    return uploads_of(link).count() >= link.most_uploads


@transaction.atomic
def begin_upload(link: UploadLink, name: str, size: int, file_modified: int | None = None) -> Upload:
    """An upload by the link, within what it allows.

    Raises ``LinkEnded``, ``LinkUsedUp``, ``LinkFull``, ``TooOften`` and what
    ``services.begin_upload`` does.
    """
    rate_limit.count("link-upload", str(link.pk), 120, 3600)
    # Locked: two uploads that begin at once must not both be the last one allowed.
    link = UploadLink.objects.select_for_update(of=("self",)).select_related("case").get(pk=link.pk)
    if link.is_settled:
        raise RequestSettled()
    if not link.is_open:
        raise LinkEnded()
    counted = uploads_of(link).aggregate(number=models.Count("pk"), total=models.Sum("size"))
    if counted["number"] >= link.most_uploads:
        raise LinkUsedUp(most=link.most_uploads)
    left = link.most_bytes - (counted["total"] or 0)
    if size > left:
        raise LinkFull(left=f"{max(left, 0):,}", size=f"{size:,}")
    upload = services.begin_upload(
        user=None, link=link, case=link.case, name=name, size=size, file_modified=file_modified
    )
    UploadLink.objects.filter(pk=link.pk).update(used_at=timezone.now())
    _record(link, BEGUN)
    return upload


def _code_digest(link: UploadLink, code: str) -> str:
    return salted_hmac("uploads.links.code", f"{link.pk}:{code}", algorithm="sha256").hexdigest()


def _record(link: UploadLink, reason: str, actor: User | None = None) -> None:
    link.case.record(EventKind.LINK, by=actor, at=timezone.now(), reason=reason)
