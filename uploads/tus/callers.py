"""Who speaks to the tus endpoint: a signed-in person, a machine with an API token, or an upload link.

``Authorization: Bearer <token>`` or ``Authorization: Link <secret>`` goes before the cookies. No
page of another site can send either by itself, so only cookies need the check against forgery.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from accounts import tokens
from accounts.models import User
from cases.models import Case
from engine.text_safety import without_nul
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.transfer import joining, services
from uploads.transfer.errors import NoSuchUpload
from uploads.transfer.models import Concat, Upload
from uploads.tus.errors import NoSuchCase, NotSignedIn, WholeFilesOnly


@dataclass(frozen=True)
class Caller:
    """One of ``user`` and ``link`` is there. ``by_cookie``: the browser says who it is by itself."""

    user: User | None = None
    link: UploadLink | None = None
    by_cookie: bool = False

    def case(self, number: str) -> Case:
        """The case to upload to; a link has only its own. Raises ``NoSuchCase``."""
        if self.link is not None:
            return self.link.case
        assert self.user is not None
        case = Case.objects.visible_to(self.user).filter(number=without_nul(number)).first()
        if case is None:
            raise NoSuchCase()
        return case

    def begin_upload(
        self, case: Case, name: str, size: int, file_modified: int | None, concat: Concat = Concat.NONE
    ) -> Upload:
        """A new upload; raises what ``services.begin_upload`` and ``links.begin_upload`` do."""
        if self.link is not None:
            if concat != Concat.NONE:
                raise WholeFilesOnly()
            return links.begin_upload(self.link, name, size, file_modified)
        return services.begin_upload(
            user=self.user, case=case, name=name, size=size, file_modified=file_modified, concat=concat
        )

    def join(self, case: Case, name: str, parts: list[UUID], file_modified: int | None) -> Upload:
        """Complete parts of this person joined; raises what ``joining.join`` does, ``WholeFilesOnly``."""
        if self.user is None:
            raise WholeFilesOnly()
        return joining.join(user=self.user, case=case, name=name, parts=parts, file_modified=file_modified)

    def own(self, upload_id: UUID) -> Upload:
        """The upload, if this caller began it and may still see its case. Raises ``NoSuchUpload``."""
        uploads = Upload.objects.filter(pk=upload_id)
        if self.link is not None:
            uploads = uploads.filter(link=self.link)
        else:
            assert self.user is not None
            uploads = uploads.visible_to(self.user).filter(user=self.user)
        upload = uploads.first()
        if upload is None:
            raise NoSuchUpload()
        return upload


def caller_of(request: HttpRequest) -> Caller:
    """Who asks. Raises ``NotSignedIn``, ``TokenRefused``, and ``LinkEnded`` or ``CodeMissing``."""
    secret = tokens.secret_in(request, {"link"})
    if secret is not None:
        return Caller(link=links.admit(request, secret))
    person = tokens.person_of(request)
    if person is not None:
        return Caller(user=person)
    if isinstance(request.user, User):  # Django's sign-in knows nobody who has left.
        return Caller(user=request.user, by_cookie=True)
    raise NotSignedIn()
