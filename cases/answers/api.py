"""Whose word it is, in the API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from cases.answers.models import RECORDED, Way
from cases.answers.services import Heard
from cases.api import customer_of
from cases.models import Case


class HeardSerializer(serializers.Serializer[None]):
    """What the vendor's people add to a customer's word that they write down: whose it is, by mail address,
    how it came and when it was said (ISO 8601; left out: just now)."""

    person = serializers.EmailField(required=False)
    way = serializers.ChoiceField(choices=[(str(way), str(way)) for way in RECORDED], default=str(Way.PHONE))
    said_at = serializers.DateTimeField(required=False)


def heard_of(case: Case, facts: Mapping[str, Any]) -> Heard:
    """The word that validated data of a ``HeardSerializer`` tells of. Raises ``ValidationError``."""
    return Heard(customer_of(case, facts.get("person")), Way(facts["way"]), facts.get("said_at"))
