"""The API of answers to a result, of what came back, and of ratings."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.answers.api import HeardSerializer, heard_of
from cases.api import ERROR, CaseSerializer, case_of, person_of
from cases.outcomes import services
from cases.outcomes.forms import MAX_WORDS


class OutcomeSerializer(HeardSerializer):
    """Whether it is solved. The vendor's people say whose word it is; for customers it is their own."""

    solved = serializers.BooleanField()
    words = serializers.CharField(required=False, default="", allow_blank=True, max_length=MAX_WORDS)
    shown = serializers.DateTimeField(
        required=False,
        default=None,
        help_text="The `status_since` of the case as read: an answer to an older result is refused.",
    )


class WordsSerializer(serializers.Serializer[None]):
    """What happens again."""

    words = serializers.CharField(max_length=MAX_WORDS)


class RatingSerializer(serializers.Serializer[None]):
    """1 (very bad) to 5 (very good)."""

    stars = serializers.IntegerField(min_value=1, max_value=5)
    words = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)


class OutcomeView(APIView):
    """The customer's answer to a result."""

    @extend_schema(request=OutcomeSerializer, responses={200: CaseSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Solved closes the case, not solved sends it back to work."""
        case, by = case_of(request, number), person_of(request)
        form = OutcomeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts: dict[str, Any] = form.validated_data
        if by.is_vendor:
            services.record(case, heard_of(case, facts), by=by, **_said(facts))
        else:
            services.answer(case, by=by, **_said(facts))
        return Response(CaseSerializer(case, context={"request": request}).data)


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("solved", "words", "shown")}


class AgainView(APIView):
    """The trouble of a closed case that came back."""

    @extend_schema(request=WordsSerializer, responses={200: CaseSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Reopens the case; long after its closing it begins a follow-up case, which is listed first then."""
        case = case_of(request, number)
        form = WordsSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.came_back(case, by=person_of(request), words=form.validated_data["words"])
        case.refresh_from_db()
        return Response(CaseSerializer(case, context={"request": request}).data)


class RatingView(APIView):
    """How the customer found the service."""

    @extend_schema(request=RatingSerializer, responses={201: RatingSerializer, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Rates a closed case, once."""
        case = case_of(request, number)
        form = RatingSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.rate(case, by=person_of(request), **form.validated_data)
        return Response(form.data, status=201)
