"""Loads the demo: people, cases, the lab's baseline, and a log bundle by the way every bundle takes."""

from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from analysis.baselines.models import Baseline
from cases.models import Case
from demo.bundle import baseline, write_bundle
from demo.case import BUNDLE_NAME, main_case
from demo.other_cases import EARLIER, other_cases
from demo.people import make_people
from demo.story import replay
from uploads.custody.agreements import agree
from uploads.transfer import services as uploads
from uploads.transfer import writing

EARLIER_NAME = "日志_CAS-03117.zip"


def load(password: str) -> Path:
    """The whole demo, whatever part of it is there already; the bundle for uploading by hand.

    The earlier case's bundle is sealed and analysed by the worker, as a customer's would be.
    """
    cast = make_people(password)
    keep_baseline(cast["engineer"])
    bundle = ready_bundle()
    now = timezone.now()
    replay(main_case(now), cast)
    for story in other_cases(now):
        case = replay(story, cast)
        if story.number == EARLIER:
            upload(case, cast["colleague"], bundle)
    return bundle


def ready_bundle() -> Path:
    """The bundle for uploading by hand, in the data folder; written once."""
    file = Path(settings.ANJUAN_HOME, "demo", BUNDLE_NAME)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        write_bundle(part)
        part.replace(file)
    return file


def keep_baseline(engineer: User) -> None:
    """The lab's known-good states."""
    for state in baseline():
        Baseline.objects.get_or_create(
            path=state.path,
            sha256=state.sha256,
            defaults={
                "product": "CodeMeter Runtime",
                "label": state.label,
                "size": state.size,
                "modified": state.modified or "",
                "version": state.version or "",
                "added_by": engineer,
            },
        )


def upload(case: Case, user: User, file: Path) -> None:
    """Takes the customer's way: agree, begin, append, finish; the worker seals and analyses.

    An upload that an earlier attempt left unfinished goes on where it ended.
    """
    if case.bundles.exists():
        return
    agree(user, case)
    size = file.stat().st_size
    begun = case.uploads.filter(user=user, name=EARLIER_NAME, size=size, gone_at=None).first()
    begun = begun or uploads.begin_upload(user=user, case=case, name=EARLIER_NAME, size=size)
    begun = writing.settle(begun)
    with file.open("rb") as stream:
        stream.seek(begun.offset)
        writing.append(begun, stream, begun.offset)
    uploads.finish(begun)
