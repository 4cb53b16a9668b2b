"""What people write and others read is kept without the links that are their reader's alone."""

import pytest
from django.apps import apps
from django.db.models import CharField, TextField

from accounts.models import User
from accounts.shared_text import SharedCharField, SharedTextField
from cases.models import Case, Message

TEXT = "See https://portal.example/answer/WyJyZXN1bHQiLDEsNV0:1xXjaS:LISW/"
KEPT = "See https://portal.example/answer/…/"
NOT_WRITTEN_ON_A_CASE = {
    # The portal's own words, and names that the vendor gives.
    *("Case.number", "CaseEvent.field", "EvidenceItem.found", "Queue.name", "SpecialDay.name"),
    # Templates of the vendor's; what is posted of them is an entry.
    *("CannedReply.name", "CannedReply.text_zh", "CannedReply.text_en"),
}


def test_each_text_of_a_case_is_kept_so() -> None:
    others = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("cases").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField)
        and not field.choices
        and not isinstance(field, SharedCharField | SharedTextField)
    }
    assert others == NOT_WRITTEN_ON_A_CASE


@pytest.mark.django_db
def test_it_is_so_in_the_row_and_in_the_object(case: Case, alice: User) -> None:
    entry = Message.objects.create(case=case, author=alice, body=TEXT, created_at=case.created_at)
    assert entry.body == Message.objects.values_list("body", flat=True).get(pk=entry.pk) == KEPT
    case.title = TEXT
    case.save(update_fields=["title"])
    assert case.title == Case.objects.get().title == KEPT
    Case.objects.update(title=TEXT)
    assert Case.objects.get().title == KEPT
