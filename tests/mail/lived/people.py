"""Who lives the case. Run inside the portal (``manage.py shell``)."""

from datetime import UTC, datetime

from accounts.models import Organisation, User
from accounts.roles import Role
from cases.models import Queue
from cases.services import report_case
from mail.outbound.models import CaseMailToken
from tests.analysis import bundles

CUSTOMER, ENGINEER = "customer.a@customer.example", "engineer.a@vendor.example"
NEIGHBOUR = "customer.b@other.example"
"""A customer of somebody else."""


def make(password: str) -> None:
    """The people, what the lab knows of the program, and the case before theirs."""
    ours = Organisation.objects.create(name="示例能源集团")
    other = Organisation.objects.create(name="另一家公司")
    customer = {"role": Role.CUSTOMER, "language": "zh-hans"}
    User.objects.create_user(CUSTOMER, password, name="客户甲", organisation=ours, **customer)
    neighbour = User.objects.create_user(NEIGHBOUR, password, name="客户乙", organisation=other, **customer)
    engineer = User.objects.create_user(
        ENGINEER, password, name="工程师甲", role=Role.ENGINEER, language="zh-hans"
    )
    Queue.objects.create(name="操作系统").engineers.add(engineer)
    before = report_case(
        by=None,
        organisation=other,
        contact=neighbour,
        title="另一个案例",
        number="CAS-03281-CDFGHJ",
        at=datetime(2020, 11, 2, tzinfo=UTC),
    )
    before.change("close", by=engineer, at=datetime(2020, 11, 3, tzinfo=UTC), reason="Done.")
    CaseMailToken.objects.create(case=before, number=1865)
    bundles.baseline()
