"""The files of a mail follow it from case to case, and nobody finds them where it was."""

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun
from analysis.runs.services import latest_run
from cases.events import EventKind
from cases.models import Case, MessageKind
from cases.services import post_message
from jobs.models import JobState
from mail.review import services
from tests.mail.mails import attach, deliver, letter, read_all
from tests.people import report, signed_in
from uploads.bundles.models import Bundle, BundleState
from uploads.custody.models import Access, Act, Way


def seen(user: User) -> list[Case]:
    """The cases in which a person finds a bundle."""
    return [bundle.case for bundle in Bundle.objects.visible_to(user).order_by("received_at")]


def test_the_files_of_a_mail_go_with_it(case: Case, jia: User, alice: User) -> None:
    other = report(alice, title="Another matter")
    mail = deliver(attach(letter(other, results=None)))
    decision = services.take_into(mail, other, by=jia)
    read_all()
    services.undo(decision, by=jia)
    assert seen(jia) == []
    services.take_into(mail, case, by=jia)
    read_all()
    assert seen(jia) == [case]
    services.take_into(mail, other, by=jia)
    read_all()
    assert seen(jia) == [other]
    assert Bundle.objects.filter(case=other).count() == 1, "what had come to it is there again"


def test_files_that_came_to_a_wrong_organisation_are_found_by_nobody_there(
    case: Case, jia: User, charlie: User
) -> None:
    wrong = report(charlie, title="Of another organisation")
    mail = deliver(attach(letter(case, results=None), name="secret-name.log"))
    services.take_into(mail, wrong, by=jia)
    read_all()
    Bundle.objects.filter(case=wrong).update(state=BundleState.SEALED)
    bundle = Bundle.objects.get(case=wrong)
    run = AnalysisRun.objects.create(bundle=bundle, state=JobState.DONE, document={})
    entry = post_message(wrong, by=None, body="", kind=MessageKind.REPORT, internal=True)
    draft = Report.objects.create(case=wrong, run=run, version=1, message=entry, created_at=timezone.now())
    Access.objects.create(
        case=wrong, bundle=bundle, person=jia, act=Act.DOWNLOAD, way=Way.PAGE, at=timezone.now()
    )
    decision = services.take_into(mail, case, by=jia)
    read_all()
    for person in (jia, charlie):
        assert wrong not in seen(person)
        assert run not in AnalysisRun.objects.visible_to(person)
        assert draft not in Report.objects.visible_to(person)
        for address in (
            wrong.get_absolute_url(),
            reverse("custody", args=[wrong.number]),
            reverse("consents"),
        ):
            assert "secret-name" not in signed_in(person).get(address).content.decode(), address
    assert latest_run(wrong) is None
    assert seen(jia) == [case]
    reasons = wrong.events.filter(kind=EventKind.MAIL).values_list("reason", flat=True)
    assert services.TAKEN_OUT in reasons, "the history says so"
    services.undo(decision, by=jia)
    assert seen(jia) == [wrong]
    assert draft in Report.objects.visible_to(jia)
