"""The fixed cast of the tests, and the small things they work on.

| who | is |
|---|---|
| Alice | a customer of Northwind Power; the contact of ``case`` |
| Bob | her colleague |
| Charlie | a customer of another organisation: must see nothing |
| Jia | the engineer of the case, in the queue "Windows" |
| Yi | an engineer of the same queue |
| Ding | an engineer of no queue: must see nothing |
| Max | the manager |
| Root | the administrator |

Take a fixture by its name (``alice``), or make more with the functions.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import translation

from accounts.models import Organisation, User
from accounts.roles import Role
from cases.answers.services import Heard
from cases.models import Case, Queue
from cases.pauses import services as pauses
from cases.services import report_case

PASSWORD = "correct horse battery staple"


@cache
def _hashed() -> str:
    # Hashing is slow on purpose; once is enough for everybody.
    return make_password(PASSWORD)


def person(address: str, **facts: Any) -> User:
    """A person whose password is ``PASSWORD``."""
    return User.objects.create(email=address, password=_hashed(), **facts)


def customer(name: str, organisation: Organisation) -> User:
    """A customer at ``name@customer.example``."""
    return person(
        f"{name.lower()}@customer.example", name=name, role=Role.CUSTOMER, organisation=organisation
    )


def vendor(name: str, role: Role) -> User:
    """A person of the vendor at ``name@vendor.example``."""
    return person(
        f"{name.lower()}@vendor.example", name=name, role=role, is_superuser=role == Role.ADMINISTRATOR
    )


def report(by: User, **facts: Any) -> Case:
    """A case that the customer ``by`` reports."""
    assert by.organisation is not None
    facts.setdefault("title", "The certificate service does not start")
    return report_case(by=by, organisation=by.organisation, contact=by, **facts)


def suspended(case: Case, goes_on: str = "with the logs") -> None:
    """The case is closed for the time being, as its contact agreed by phone."""
    assert case.engineer is not None
    pauses.suspend(case, Heard(case.contact), by=case.engineer, resumes_when=goes_on)


def reading_english(user: User) -> Client:
    """A browser in which this person is signed in and reads English."""
    User.objects.filter(pk=user.pk).update(language="en")
    return signed_in(user)


def signed_in(user: User | None) -> Client:
    """A browser in which this person is signed in; ``None`` for nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _language() -> Iterator[None]:
    """A request leaves its language with the thread that served it."""
    yield
    translation.deactivate()


@pytest.fixture
def northwind(db: None) -> Organisation:
    return Organisation.objects.create(name="Northwind Power")


@pytest.fixture
def contoso(db: None) -> Organisation:
    return Organisation.objects.create(name="Contoso Water")


@pytest.fixture
def alice(northwind: Organisation) -> User:
    return customer("Alice", northwind)


@pytest.fixture
def bob(northwind: Organisation) -> User:
    return customer("Bob", northwind)


@pytest.fixture
def charlie(contoso: Organisation) -> User:
    return customer("Charlie", contoso)


@pytest.fixture
def jia(db: None) -> User:
    return vendor("Jia", Role.ENGINEER)


@pytest.fixture
def yi(db: None) -> User:
    return vendor("Yi", Role.ENGINEER)


@pytest.fixture
def ding(db: None) -> User:
    return vendor("Ding", Role.ENGINEER)


@pytest.fixture
def max_(db: None) -> User:
    return vendor("Max", Role.MANAGER)


@pytest.fixture
def root(db: None) -> User:
    return vendor("Root", Role.ADMINISTRATOR)


@pytest.fixture
def queue(jia: User, yi: User) -> Queue:
    queue = Queue.objects.create(name="Windows")
    queue.engineers.set([jia, yi])
    return queue


@pytest.fixture
def case(alice: User, jia: User, queue: Queue) -> Case:
    """Alice's case, given to Jia, new."""
    return report(alice, description="After a reboot the service is gone.", engineer=jia, queue=queue)
