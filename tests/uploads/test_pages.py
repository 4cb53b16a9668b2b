"""The panel, the card, the download and the API, for each person."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory

from accounts.models import User
from cases.models import Case
from jobs.models import JobState
from tests.people import signed_in
from tests.uploads.raw import begun
from uploads.bundles import sealing
from uploads.bundles.cards import compare_command
from uploads.bundles.models import Bundle, BundleCheck
from uploads.custody import privacy
from uploads.custody.models import Consent
from uploads.transfer.services import begin_upload, finish
from uploads.transfer.writing import append

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def bundle(alice: User, case: Case) -> Bundle:
    """Alice's sealed bundle with a hostile name."""
    begun(alice, case, 1)
    upload = begin_upload(user=alice, case=case, name='<b>日"志\r\n;.html', size=4)
    append(upload, BytesIO(b"1234"), 0)
    made = finish(upload)
    sealing.seal(made.pk)
    made.refresh_from_db()
    return made


def rendered(tag: str, user: User, **things: object) -> str:
    request = RequestFactory().get("/")
    request.user = user
    return Template("{% load uploads_tags %}" + tag).render(Context({"request": request, **things}))


def test_a_customer_reads_and_agrees_before_the_drop_zone_opens(alice: User, case: Case) -> None:
    User.objects.update(language="en")
    browser = signed_in(alice)
    url = f"/uploads/cases/{case.number}"
    asked = browser.get(f"{url}/panel").content.decode()
    assert "memory dumps" in asked and "90 if nothing else" in asked
    assert "data-drop" not in asked
    form = {"version": privacy.version_in_force(), "agree": "1"}
    answer = browser.post(f"{url}/consent", form, headers={"HX-Request": "true"})
    assert "data-drop" in answer.content.decode()
    consent = Consent.objects.get()
    assert (consent.user, consent.case, consent.version, consent.language) == (alice, case, "2", "en")


@pytest.mark.parametrize("form", [{}, {"agree": "1"}, {"version": "1", "agree": "1"}, {"version": "2"}])
def test_nothing_but_a_clear_yes_to_this_version_counts(
    alice: User, case: Case, form: dict[str, str]
) -> None:
    signed_in(alice).post(f"/uploads/cases/{case.number}/consent", form, headers={"HX-Request": "true"})
    assert not Consent.objects.exists()


def test_without_htmx_agreeing_leads_back_to_the_case(alice: User, case: Case) -> None:
    answer = signed_in(alice).post(f"/uploads/cases/{case.number}/consent", {"version": "2", "agree": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case.number}/")


def test_the_vendors_people_are_not_asked(jia: User, case: Case) -> None:
    assert "data-drop" in rendered("{% upload_panel case %}", jia, case=case)


def test_unfinished_uploads_are_listed_for_their_owner_only(alice: User, bob: User, case: Case) -> None:
    upload = begun(alice, case, 10)
    append(upload, BytesIO(b"1234"), 0)
    url = f"/uploads/cases/{case.number}/unfinished"
    (row,) = signed_in(alice).get(url).json()["uploads"]
    assert (row["id"], row["offset"], row["size"]) == (str(upload.pk), 4, 10)
    assert signed_in(bob).get(url).json() == {"uploads": []}
    assert str(upload.pk) in rendered("{% upload_panel case %}", alice, case=case)


@pytest.mark.parametrize("language", privacy.LANGUAGES)
def test_everybody_can_read_the_statement_in_force(language: str) -> None:
    answer = Client().get("/uploads/privacy", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert ("90 if nothing else" in answer.content.decode()) == (language == "en")


def test_the_card_says_size_hash_and_consent(alice: User, bundle: Bundle) -> None:
    card = rendered("{% bundle_card bundle %}", alice, bundle=bundle)
    assert bundle.sha256 in card
    assert f"/uploads/bundles/{bundle.pk}/file" in card
    assert "hx-get" in card, "until its check is over"
    assert "<b>" not in card
    BundleCheck.objects.filter(bundle=bundle).update(state=JobState.FAILED)
    bundle.refresh_from_db()
    assert "hx-get" not in rendered("{% bundle_card bundle %}", alice, bundle=bundle)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("logs/System $(calc).evtx", "'System $(calc).evtx'"),
        ("Jia's ‘new’ ‚log‛.txt", "'Jia''s ‘‘new’’ ‚‚log‛‛.txt'"),
        ("a\x1b[2J'\r\n;calc\x7f.txt", "'a[2J'';calc.txt'"),
    ],
)
def test_the_command_that_compares_takes_a_name_for_nothing_but_a_name(
    alice: User, case: Case, name: str, quoted: str
) -> None:
    begun(alice, case, 1)
    upload = begin_upload(user=alice, case=case, name=name, size=4)
    append(upload, BytesIO(b"1234"), 0)
    made = finish(upload)
    sealing.seal(made.pk)
    made.refresh_from_db()
    assert compare_command(made) == (
        f"(Get-FileHash -Algorithm SHA256 -LiteralPath {quoted}).Hash -eq "
        "'03AC674216F3E15C761EE1A5E255F067953623C8B388B4459E13F978D7C846F4'"
    )


def test_a_card_that_waits_for_the_seal_asks_again_and_then_tells_the_page(
    alice: User, case: Case, django_capture_on_commit_callbacks: Any
) -> None:
    upload = begun(alice, case, 4)
    append(upload, BytesIO(b"1234"), 0)
    bundle = finish(upload)
    browser = signed_in(alice)
    waiting = browser.get(f"/uploads/bundles/{bundle.pk}/card")
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    assert "HX-Trigger" not in waiting
    sealing.seal(bundle.pk)
    sealed = browser.get(f"/uploads/{upload.pk}/card")
    assert sealed["HX-Trigger"] == "bundle-complete"
    assert 'hx-trigger="every 2s"' in sealed.content.decode(), "now for its check"


def test_the_download_is_an_attachment_under_a_safe_name(jia: User, bundle: Bundle) -> None:
    answer: Any = signed_in(jia).get(f"/uploads/bundles/{bundle.pk}/file")
    assert b"".join(answer.streaming_content) == b"1234"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch(r"attachment; filename\*=utf-8''[\w%.!~*'()-]+", answer["Content-Disposition"])


@pytest.mark.parametrize(
    ("name", "status"),
    [("alice", 200), ("jia", 200), ("max_", 200), ("bob", 404), ("charlie", 404), ("ding", 404)],
)
def test_who_downloads_a_bundle(
    bundle: Bundle, name: str, status: int, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(name))
    answer = browser.get(f"/uploads/bundles/{bundle.pk}/file")
    assert answer.status_code == status
    answer.close()


@pytest.mark.parametrize("name", ["charlie", "ding"])
def test_strangers_find_nothing(bundle: Bundle, name: str, request: pytest.FixtureRequest) -> None:
    browser = signed_in(request.getfixturevalue(name))
    number = bundle.case.number
    for url in (
        f"/uploads/cases/{number}/panel",
        f"/uploads/cases/{number}/unfinished",
        f"/uploads/bundles/{bundle.pk}/card",
        f"/uploads/{bundle.upload_id}/card",
    ):
        assert browser.get(url).status_code == 404, url
    answer = browser.post(f"/uploads/cases/{number}/consent", {"version": "2", "agree": "1"})
    assert answer.status_code == 404
    assert browser.get(f"/api/cases/{number}/bundles/").status_code == 404
    assert browser.get(f"/api/bundles/{bundle.pk}/").status_code == 404


def test_the_api_lists_the_bundles_of_a_case(bob: User, bundle: Bundle) -> None:
    (row,) = signed_in(bob).get(f"/api/cases/{bundle.case.number}/bundles/").json()["results"]
    assert row["sha256"] == bundle.sha256
    assert row["state"] == "sealed"
    assert row["case"] == bundle.case.number
