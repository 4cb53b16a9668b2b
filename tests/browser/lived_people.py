"""The people of ``lived_cases``, what they report, and how the worker is waited for."""

from datetime import datetime
from typing import Any

from accounts.models import Organisation, User
from cases.models import Case, Queue
from cases.services import report_case

WORKER_TIME = 180.0
"""Seconds that the portal's worker may take for what it is given."""
DOMAIN = "demo.anjuan.example"


def make_cast() -> dict[str, User]:
    """A customer, a colleague who reads English and one more, two engineers: of the walks alone."""
    plant, _ = Organisation.objects.get_or_create(name="示例精细化工有限公司（北方生产基地）")
    password = User.objects.get(email=f"customer@{DOMAIN}").password
    cast = {}
    for name, shown, role, language in (
        ("chemist", "客户戊", "customer", "zh-hans"),
        ("chemist2", "Frau Beispiel", "customer", "en"),
        ("operator", "客户己", "customer", "zh-hans"),
        ("engineer4", "工程师丁", "engineer", "zh-hans"),
        ("engineer5", "Engineer E", "engineer", "en"),
    ):
        organisation = plant if role == "customer" else None
        facts = {"name": shown, "role": role, "language": language, "organisation": organisation}
        cast[name], _ = User.objects.get_or_create(
            email=f"{name}@{DOMAIN}", defaults={"password": password, **facts}
        )
    queue, _ = Queue.objects.get_or_create(name="工业控制")
    queue.engineers.set([cast["engineer4"], cast["engineer5"]])
    return cast


def reported(cast: dict[str, User], title: str, **facts: Any) -> Case:
    """What the customer reports, given to the first engineer."""
    contact = cast["chemist"]
    assert contact.organisation is not None
    return report_case(
        by=contact,
        organisation=contact.organisation,
        contact=contact,
        title=title,
        description="每天早上第一次开机都会出现，错误提示见截图。",
        product="Windows 10 企业版 G",
        edition="CMGE V0-H",
        engineer=cast["engineer4"],
        queue=Queue.objects.get(name="工业控制"),
        **facts,
    )


def taken_up(cast: dict[str, User], title: str, at: datetime | None = None) -> Case:
    """A case that the engineer has begun with."""
    case = reported(cast, title, at=at)
    case.change("take_up", by=cast["engineer4"], at=at)
    return Case.objects.get(pk=case.pk)
