"""The roles, and the one table of what each may do.

Everything a person is given is given by a line of ``RIGHTS``; no code grants a thing for the lack of a
right. A role that has no line here may nothing: she who has it cannot even sign in.
"""

from collections.abc import Mapping
from enum import Enum, auto

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Right(Enum):
    """What a role may do. Which cases she sees, and what she may do with the ones that she sees."""

    OWN_ORGANISATION = auto()
    """Belongs to an organisation: sees its cases, reports, answers, uploads, reads what was sent."""
    VENDOR = auto()
    """Works for the vendor: notes, drafts, findings, status, baselines, reports for any organisation."""
    OWN_CASES = auto()
    """Can be given cases; sees those and her queues'."""
    ALL_CASES = auto()
    """Sees every case and answers for it: figures, legal holds, who read from which address."""
    ADMINISTRATION = auto()
    """The administration pages."""


class Role(models.TextChoices):
    """What a person is here for."""

    CUSTOMER = "customer", _("Customer")
    ENGINEER = "engineer", _("Engineer")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


RIGHTS: Mapping[str, frozenset[Right]] = {
    Role.CUSTOMER: frozenset({Right.OWN_ORGANISATION}),
    Role.ENGINEER: frozenset({Right.VENDOR, Right.OWN_CASES}),
    Role.MANAGER: frozenset({Right.VENDOR, Right.ALL_CASES}),
    Role.ADMINISTRATOR: frozenset({Right.VENDOR, Right.ALL_CASES, Right.ADMINISTRATION}),
}


def rights_of(role: str) -> frozenset[Right]:
    """What a role may do; nothing where it has no line."""
    return RIGHTS.get(role, frozenset())


def with_right(right: Right) -> list[str]:
    """The roles that have it, for queries."""
    return [role for role, rights in RIGHTS.items() if right in rights]


def role_choices() -> list[tuple[str, Promise]]:
    """The choices of a person's role. A function: a new role then needs no migration."""
    return [(role.value, role.label) for role in Role]
