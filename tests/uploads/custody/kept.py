"""What is kept of a case and what the portal says of it, for the tests of its retention."""

import pytest
from django.core.files.storage import FileSystemStorage

from accounts.models import User
from cases.models import Case, Message, MessageKind
from mail.store.models import MailMessage
from tests.analysis import bundles
from tests.mail.mails import outgoing
from uploads.bundles.models import Bundle

CONTENT = b"logs"


@pytest.fixture(autouse=True)
def english(alice: User, jia: User) -> None:
    User.objects.update(language="en")
    alice.refresh_from_db()


@pytest.fixture
def bundle(alice: User, case: Case) -> Bundle:
    return bundles.sealed(case, alice, CONTENT)


def notices() -> list[MailMessage]:
    """The mails that tell of a deletion."""
    return [mail for mail in outgoing() if mail.kind == "deletion"]


def said_by_the_portal(case: Case) -> list[str]:
    return list(Message.objects.filter(case=case, kind=MessageKind.SYSTEM).values_list("body", flat=True))


def state(bundle: Bundle) -> str:
    bundle.refresh_from_db()
    return bundle.state


def stored(bundle: Bundle) -> bool:
    return FileSystemStorage().exists(f"bundles/{bundle.case.number}/{bundle.pk}")
