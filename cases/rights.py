"""Who may do what with a case. What a person may see is ``visible_to`` on each model."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from accounts.errors import NotAllowed

if TYPE_CHECKING:
    from accounts.models import User


class Visible(Protocol):
    """A case, as far as rights ask about it."""

    def is_visible_to(self, user: User, /) -> bool: ...


def may_see(user: User, case: Visible) -> bool:
    """Whether the case exists for this person at all."""
    return case.is_visible_to(user)


def may_reply(user: User, case: Visible) -> bool:
    """Write to everybody on the case, upload to it: whoever sees it."""
    return may_see(user, case)


def may_answer(user: User, case: Visible) -> bool:
    """Say whether it is solved, that it came back, how the service was: the customers on the case."""
    return user.is_customer and may_see(user, case)


def may_note(user: User, case: Visible) -> bool:
    """Read and write internal notes: the vendor's people on the case."""
    return user.is_vendor and may_see(user, case)


def may_be_reminded(user: User, case: Visible) -> bool:
    """Set a reminder of one's own: whoever sees the case."""
    return may_see(user, case)


def may_change_status(user: User, case: Visible) -> bool:
    """Move the case on: the vendor's people on the case."""
    return user.is_vendor and may_see(user, case)


def may_assign(user: User, case: Visible) -> bool:
    """Give the case to an engineer: the vendor's people on the case."""
    return user.is_vendor and may_see(user, case)


def may_send_report(user: User, case: Visible) -> bool:
    """Edit and send reports: the vendor's people on the case."""
    return user.is_vendor and may_see(user, case)


def may_report_case(user: User, organisation_id: int) -> bool:
    """Report a case: customers for their own organisation, the vendor for any."""
    own = user.is_customer and user.organisation_id == organisation_id
    return user.may_enter and (user.is_vendor or own)


def require(right: Callable[[User, Visible], bool], user: User | None, case: Visible) -> None:
    """Raises ``NotAllowed`` unless ``user`` has the right; ``None`` is the system and may all."""
    if user is not None and not right(user, case):
        raise NotAllowed()
