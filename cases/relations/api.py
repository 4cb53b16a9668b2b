"""The API of relations of cases."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import rights
from cases.api import ERROR, case_of, person_of
from cases.relations import services
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation


class RelationSerializer(serializers.Serializer[Any]):
    """What ``case`` is to ``other``."""

    id = serializers.IntegerField(read_only=True)
    case = serializers.CharField(source="case.number", read_only=True)
    kind = serializers.ChoiceField(choices=[(str(kind), str(kind)) for kind in RelationKind])
    other = serializers.CharField(source="other.number", max_length=40)


class RelationsView(APIView):
    """The relations of a case whose other case the person may see as well."""

    @extend_schema(responses={200: RelationSerializer(many=True)})
    def get(self, request: Request, number: str) -> Response:
        """In both directions."""
        seen = services.seen_by(person_of(request), case_of(request, number))
        return Response(RelationSerializer([relation for relation, _what, _other in seen], many=True).data)

    @extend_schema(request=RelationSerializer, responses={201: RelationSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Says what this case is to another; ``double`` merges it into that one."""
        case, by = case_of(request, number), person_of(request)
        rights.require(rights.may_change_status, by, case)
        form = RelationSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        other = services.find(form.validated_data["other"]["number"], by)
        relation = services.relate(case, other, RelationKind(form.validated_data["kind"]), by=by)
        return Response(RelationSerializer(relation).data, status=201)


class RelationView(APIView):
    """One relation of a case."""

    @extend_schema(responses={204: OpenApiResponse(description="Taken back."), 409: ERROR})
    def delete(self, request: Request, number: str, relation_id: int) -> Response:
        """Takes it back; a double goes on where it was."""
        case, by = case_of(request, number), person_of(request)
        relations = Relation.objects.visible_to(by)
        of_case = relations.filter(case=case) | relations.filter(other=case)
        services.take_back(get_object_or_404(of_case, pk=relation_id), by=by)
        return Response(status=204)
