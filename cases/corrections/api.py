"""The API of corrections."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import rights
from cases.api import ERROR, CaseSerializer, case_of, customer_of, person_of
from cases.corrections.services import correct
from cases.models import Queue
from cases.service_levels import Severity


class CorrectionSerializer(serializers.Serializer[None]):
    """What is to be corrected; what is left out stays. The contact by mail address, the queue by name."""

    title = serializers.CharField(max_length=200, required=False)
    severity = serializers.ChoiceField(choices=Severity.choices, required=False)
    product = serializers.CharField(max_length=100, required=False, allow_blank=True)
    edition = serializers.CharField(max_length=100, required=False, allow_blank=True)
    contact = serializers.EmailField(required=False)
    queue = serializers.SlugRelatedField(
        slug_field="name", queryset=Queue.objects.all(), required=False, allow_null=True
    )


class CorrectionView(APIView):
    """What a case says of itself."""

    @extend_schema(request=CorrectionSerializer, responses={200: CaseSerializer, 400: ERROR, 403: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Corrects it; the history keeps the old and the new."""
        case, by = case_of(request, number), person_of(request)
        rights.require(rights.may_change_status, by, case)
        form = CorrectionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        if "contact" in facts:
            facts["contact"] = customer_of(case, facts["contact"])
        correct(case, by=by, **facts)
        return Response(CaseSerializer(case, context={"request": request}).data)
