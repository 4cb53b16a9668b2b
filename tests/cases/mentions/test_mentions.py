"""An internal note names colleagues by @name; they find it on their desk until they have opened the case."""

import pytest

from accounts.models import User
from accounts.roles import Role
from cases.mentions.models import Mention
from cases.mentions.services import colleagues, named
from cases.models import Case, Message
from cases.signals import ActivityKind
from tests.activity import listening
from tests.people import reading_english, signed_in, vendor

pytestmark = pytest.mark.django_db


def note(case: Case, by: User, body: str, kind: str = "note") -> tuple[int, str]:
    answer = reading_english(by).post(f"/cases/{case.number}/reply/", {"kind": kind, "body": body})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Jia please", ["Jia"]),
        ("请 @工程师甲看一下，@工程师甲乙也看", ["工程师甲", "工程师甲乙"]),
        ("＠jia and @JIA", ["Jia"]),
        ("@Jiang is nobody", []),
        ("@Jia Li does", ["Jia Li"]),
        ("mail jia@Jia.example or x@Jia", []),
        ("Jia without a mark, @ Jia with a space", []),
        ("@" * 100_000, []),
    ],
)
def test_the_longest_name_after_a_mark_counts(text: str, names: list[str], db: None) -> None:
    people = [vendor(name, Role.ENGINEER) for name in ("Jia", "Jia Li", "工程师甲", "工程师甲乙")]
    assert [person.name for person in named(text, people)] == names


def test_a_named_colleague_is_told_and_finds_it_on_her_desk_until_she_opens_the_case(
    case: Case, jia: User, yi: User, max_: User
) -> None:
    with listening() as heard:
        assert note(case, jia, "@Yi have a look, @Max too; @Jia knows")[0] == 302
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.MENTIONED]
    assert (told.by, told.people, told.message) == (jia, (yi, max_), Message.objects.last())
    for who in (yi, max_):
        desk = reading_english(who).get("/").content.decode()
        assert "You were mentioned" in desk and "have a look" in desk, who
    assert "You were mentioned" not in reading_english(jia).get("/").content.decode()
    assert "Mentioned: Yi, Max" in reading_english(yi).get(case.get_absolute_url()).content.decode()
    assert "You were mentioned" not in reading_english(yi).get("/").content.decode()
    assert "You were mentioned" in reading_english(max_).get("/").content.decode()


def test_a_colleague_who_does_not_see_the_case_is_refused_and_the_text_stays(
    case: Case, jia: User, ding: User
) -> None:
    status, page = note(case, jia, "@Ding please look")
    assert status == 400 and "Ding does not see this case." in page and "@Ding please look" in page
    assert not Message.objects.filter(body__contains="@Ding").exists() and not Mention.objects.exists()
    answer = signed_in(jia).post(
        f"/api/cases/{case.number}/messages/",
        {"body": "@Ding", "internal": True},
        content_type="application/json",
    )
    assert answer.status_code == 400


def test_what_the_customer_reads_names_nobody(case: Case, jia: User, yi: User, alice: User) -> None:
    note(case, jia, "Dear Alice, @Yi will call", kind="reply")
    note(case, alice, "@Yi hello")
    assert not Mention.objects.exists()


def test_a_case_that_she_does_not_see_any_more_leaves_her_desk(case: Case, jia: User, yi: User) -> None:
    note(case, jia, "@Yi look")
    yi.queues.clear()
    assert case.number not in signed_in(yi).get("/").content.decode()


def test_those_are_offered_who_see_the_case_and_nobody_else(
    case: Case, jia: User, yi: User, ding: User, max_: User, root: User, alice: User
) -> None:
    vendor("Gone", Role.MANAGER)
    User.objects.filter(name="Gone").update(is_active=False)
    assert [person.name for person in colleagues(case)] == ["Jia", "Max", "Root", "Yi"]
    Case.objects.update(queue=None)
    case.refresh_from_db()
    assert [person.name for person in colleagues(case)] == ["Jia", "Max", "Root"]
    assert all(case.is_visible_to(person) for person in colleagues(case))
    assert "&quot;Max&quot;" in signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert "data-mentions" not in signed_in(alice).get(case.get_absolute_url()).content.decode()
