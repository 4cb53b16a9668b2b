"""The API of pauses."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.api import ERROR, CaseSerializer, case_of, customer_of, person_of
from cases.pauses import services
from cases.pauses.models import RECORDED, ConsentWay


class SuspendSerializer(serializers.Serializer[None]):
    """With what, and on which day, the case goes on. The vendor's people name who agreed, by mail address,
    and how and when; a customer does it herself."""

    resumes_when = serializers.CharField(max_length=services.MAX_WORDS)
    resumes_on = serializers.DateField(required=False, allow_null=True, default=None)
    person = serializers.EmailField(required=False)
    way = serializers.ChoiceField(
        choices=[(str(way), str(way)) for way in RECORDED], default=str(ConsentWay.PHONE)
    )
    agreed_at = serializers.DateTimeField(required=False)


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
            services.suspend(
                case,
                by=by,
                person=customer_of(case, facts.get("person")),
                way=ConsentWay(facts["way"]),
                agreed_at=facts.get("agreed_at") or timezone.now(),
                **goes_on,
            )
        else:
            services.pause(case, by=by, **goes_on)
        return Response(CaseSerializer(case, context={"request": request}).data)
