"""The API of evidence requests: what a case waits for, and what becomes of each item."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import rights
from cases.api import ERROR, case_of, person_of
from cases.evidence_requests import services, texts
from cases.evidence_requests.kinds import ItemKind, Lines
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest, ItemState
from cases.services import MAX_BODY_LENGTH
from engine.text_safety import plain


class ItemSerializer(serializers.ModelSerializer[EvidenceItem]):
    """An item. ``name`` is what people call it, in the reader's language; ``found`` the file that brought
    it; ``settled_by`` whose word it is, for the vendor's people."""

    name = serializers.SerializerMethodField()
    settled_by = serializers.SerializerMethodField()

    class Meta:
        model = EvidenceItem
        fields = (*("id", "kind", "detail", "name", "state", "reason", "found", "settled_at", "settled_by"),)
        read_only_fields = fields

    def get_name(self, item: EvidenceItem) -> str:
        """As the pages say it."""
        return plain(texts.label(item.kind, item.detail))

    def get_settled_by(self, item: EvidenceItem) -> str | None:
        """``null`` where an upload brought it."""
        shown = item.settled_by is not None and self.context["request"].user.is_vendor
        return item.settled_by.name if item.settled_by and shown else None


class RequestSerializer(serializers.ModelSerializer[EvidenceRequest]):
    """A request with its items, in the order in which they are best collected. ``closing``: how it ended;
    empty while it is open."""

    made_by = serializers.CharField(source="made_by.name", read_only=True)
    items = ItemSerializer(many=True, read_only=True)

    class Meta:
        model = EvidenceRequest
        fields = ("id", "made_at", "made_by", "since", "until", "note", "closed_at", "closing", "items")
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[None]):
    """One thing to ask for. ``detail``: the log's name, the file's path, or the words of something else."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in ItemKind])
    detail = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=services.MAX_DETAIL_LENGTH
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is one of many says which."""
        if isinstance(ItemKind(attrs["kind"]).facts.form, Lines) and not attrs["detail"].strip():
            raise serializers.ValidationError({"detail": [_("Say which one.")]})
        return attrs


class AskSerializer(serializers.Serializer[None]):
    """A new request. It replaces the open one: name what is still missing again; what has arrived and is
    named again stays arrived."""

    items = AskedSerializer(many=True)
    since = serializers.DateTimeField(required=False, allow_null=True, default=None)
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=MAX_BODY_LENGTH)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The time runs forwards."""
        if attrs["since"] and attrs["until"] and attrs["since"] >= attrs["until"]:
            raise serializers.ValidationError({"until": [_("This lies before the beginning.")]})
        return attrs


class StateSerializer(serializers.Serializer[None]):
    """What has become of an item. A customer says ``unavailable``, with a reason, and ``open`` to take it
    back; of something else also that it has ``arrived``. The vendor's people say any of them."""

    state = serializers.ChoiceField(choices=[(state.value, state.value) for state in ItemState])
    reason = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=services.MAX_REASON_LENGTH
    )


class RequestsView(APIView):
    """The evidence requests of a case, newest first."""

    @extend_schema(responses={200: RequestSerializer(many=True)})
    def get(self, request: Request, number: str) -> Response:
        """All of them; one at most is open."""
        case_of(request, number)
        rows = _requests(request).filter(case__number=number)
        return Response(RequestSerializer(rows, many=True, context={"request": request}).data)

    @extend_schema(request=AskSerializer, responses={201: RequestSerializer, 400: ERROR, 409: ERROR})
    def post(self, request: Request, number: str) -> Response:
        """Asks the customer; the case waits for her."""
        case, by = case_of(request, number), person_of(request)
        rights.require(rights.may_change_status, by, case)
        form = AskSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        asked = services.ask(
            case,
            by=by,
            items=[(item["kind"], item["detail"]) for item in facts["items"]],
            since=facts["since"],
            until=facts["until"],
            note=facts["note"],
        )
        row = _requests(request).get(pk=asked.pk)
        document = RequestSerializer(row, context={"request": request}).data
        return Response(document, status=status.HTTP_201_CREATED)


class WithdrawView(APIView):
    """Taking an open request back."""

    @extend_schema(request=None, responses={200: RequestSerializer, 403: ERROR, 409: ERROR})
    def post(self, request: Request, number: str, request_id: int) -> Response:
        """Ends the request; a case that waited for it goes back to work."""
        case_of(request, number)
        asked = get_object_or_404(_requests(request), pk=request_id, case__number=number)
        services.withdraw(asked, by=person_of(request))
        row = _requests(request).get(pk=asked.pk)
        return Response(RequestSerializer(row, context={"request": request}).data)


class ItemView(APIView):
    """One item."""

    @extend_schema(
        request=StateSerializer, responses={200: ItemSerializer, 400: ERROR, 403: ERROR, 409: ERROR}
    )
    def patch(self, request: Request, number: str, item_id: int) -> Response:
        """Says what has become of it. The last one that is settled moves the case on."""
        case_of(request, number)
        items = EvidenceItem.objects.visible_to(person_of(request)).select_related("request__case")
        item = get_object_or_404(items, pk=item_id, request__case__number=number)
        form = StateSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        services.settle(item, ItemState(said["state"]), by=person_of(request), reason=said["reason"])
        return Response(ItemSerializer(items.get(pk=item.pk), context={"request": request}).data)


def _requests(request: Request) -> QuerySet[EvidenceRequest]:
    rows = EvidenceRequest.objects.visible_to(person_of(request)).select_related("made_by")
    return rows.prefetch_related("items__settled_by")
