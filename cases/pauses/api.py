"""The API of pauses, and of asking the customer for one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import rights
from cases.answers.api import HeardSerializer, heard_of
from cases.api import ERROR, CaseSerializer, case_of, person_of
from cases.models import Case
from cases.pauses import proposals, services
from cases.pauses.errors import NotProposed
from cases.pauses.models import SuspensionProposal


class GoesOnSerializer(serializers.Serializer[None]):
    """With what, and on which day, the case goes on."""

    resumes_when = serializers.CharField(max_length=services.MAX_WORDS)
    resumes_on = serializers.DateField(required=False, allow_null=True, default=None)


class SuspendSerializer(GoesOnSerializer, HeardSerializer):
    """With what, and on which day, the case goes on. The vendor's people say who agreed; a customer does it
    herself."""


class ProposalAnswerSerializer(HeardSerializer):
    """Whether the case may be closed for the time being. The vendor's people say whose word it is; for
    customers it is their own."""

    agrees = serializers.BooleanField()
    words = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=proposals.MAX_LENGTH
    )


def _answered(case: Case, request: Request) -> Response:
    case.refresh_from_db()
    return Response(CaseSerializer(case, context={"request": request}).data)


def _waiting(case: Case) -> SuspensionProposal:
    proposal = SuspensionProposal.objects.awaiting().filter(case=case).first()
    if proposal is None:
        raise NotProposed()
    return proposal


class SuspendView(APIView):
    """Closing a case for the time being."""

    @extend_schema(request=SuspendSerializer, responses={200: CaseSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Suspends the case with the customer's consent."""
        case, by = case_of(request, number), person_of(request)
        form = SuspendSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts: dict[str, Any] = form.validated_data
        goes_on = {"resumes_when": facts["resumes_when"], "resumes_on": facts["resumes_on"]}
        if by.is_vendor:
            services.suspend(case, heard_of(case, facts), by=by, **goes_on)
        else:
            services.pause(case, by=by, **goes_on)
        return _answered(case, request)


class ProposalView(APIView):
    """The proposal to close a case for the time being."""

    @extend_schema(request=GoesOnSerializer, responses={200: CaseSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Asks the customer; a proposal that still waits is replaced."""
        case = case_of(request, number)
        form = GoesOnSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        proposals.propose(case, by=person_of(request), **form.validated_data)
        return _answered(case, request)

    @extend_schema(responses={200: CaseSerializer, 403: ERROR, 409: ERROR})
    def delete(self, request: Request, number: str) -> Response:
        """Takes back the proposal that waits."""
        case, by = case_of(request, number), person_of(request)
        # Before it is looked for: whose act it is not hears that, whether one waits or not.
        rights.require(rights.may_change_status, by, case)
        proposals.withdraw(_waiting(case), by=by)
        return _answered(case, request)


class ProposalAnswerView(APIView):
    """The customer's answer to the proposal that waits."""

    @extend_schema(request=ProposalAnswerSerializer, responses={200: CaseSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Agreed suspends the case; otherwise it goes on."""
        case, by = case_of(request, number), person_of(request)
        form = ProposalAnswerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts: dict[str, Any] = form.validated_data
        heard = heard_of(case, facts) if by.is_vendor else None
        given = {"agrees": facts["agrees"], "words": facts["words"]}
        proposals.answer(_waiting(case), by=by, heard=heard, **given)
        return _answered(case, request)
