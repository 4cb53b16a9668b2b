"""The API of cases and their threads: the same services and rights as the pages."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from cases import rights, services
from cases.local_datetime import LocalDateTimeField
from cases.mentions import services as mentions
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.service_levels import Severity
from cases.status import CHANGES


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case as its readers see it."""

    organisation = serializers.CharField(source="organisation.name", read_only=True)
    contact = serializers.CharField(source="contact.name", read_only=True)
    engineer = serializers.CharField(source="engineer.name", read_only=True, allow_null=True, default=None)
    changes = serializers.SerializerMethodField(help_text="What POST …/status accepts now, from this person.")

    class Meta:
        model = Case
        fields = (
            "number",
            "title",
            "description",
            "product",
            "edition",
            "severity",
            "status",
            "status_since",
            "incident_at",
            "next_due_at",
            "created_at",
            "closed_at",
            "organisation",
            "contact",
            "engineer",
            "changes",
        )
        read_only_fields = fields

    def get_changes(self, case: Case) -> list[str]:
        """Names from ``cases.status``; customers have none."""
        if not self.context["request"].user.is_vendor:
            return []
        return [change.name for change in case.changes_by_hand]


class IncidentField(serializers.DateTimeField):
    """When the trouble happened, ISO 8601; without an offset in the portal's time zone."""

    def to_internal_value(self, value: Any) -> Any:
        """What the form takes, too: neither the future nor a slip of the century."""
        try:
            return LocalDateTimeField().clean(super().to_internal_value(value).isoformat())
        except forms.ValidationError as error:
            raise serializers.ValidationError(error.messages) from error


class IncidentSerializer(serializers.Serializer[None]):
    """When the trouble happened; ``null`` takes it back."""

    incident_at = IncidentField(allow_null=True)


class NewCaseSerializer(serializers.Serializer[Case]):
    """What reports a case. The vendor's people name the contact by mail address; for customers
    it is themselves."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, default="", allow_blank=True)
    product = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    edition = serializers.CharField(required=False, default="", allow_blank=True, max_length=100)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.B)
    incident_at = IncidentField(required=False, allow_null=True, default=None)
    contact = serializers.EmailField(required=False)


class AttachmentSerializer(serializers.Serializer[Any]):
    """A file of an entry; ``size`` in bytes, ``url`` where its bytes are."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url")


class ScopeSerializer(serializers.Serializer[Any]):
    """The scope that an entry proposes, as it stands now."""

    version = serializers.IntegerField()
    state = serializers.CharField()
    problem = serializers.CharField()
    included = serializers.CharField()
    excluded = serializers.CharField()
    answered_by = serializers.CharField(source="answered_by.name", default=None)
    answered_at = serializers.DateTimeField()
    way = serializers.CharField()
    words = serializers.CharField()


class AppointmentSerializer(serializers.Serializer[Any]):
    """The appointment that an entry proposes, as it stands now; ``times`` to choose from."""

    state = serializers.CharField()
    medium = serializers.CharField()
    minutes = serializers.IntegerField()
    note = serializers.CharField()
    times = serializers.ListField(child=serializers.DateTimeField(), source="proposed_times")
    starts_at = serializers.DateTimeField()
    answered_by = serializers.CharField(source="answered_by.name", default=None)
    way = serializers.CharField()
    words = serializers.CharField()


class SuspensionProposalSerializer(serializers.Serializer[Any]):
    """What an entry proposes: to close the case for the time being, as the proposal stands now."""

    state = serializers.CharField()
    resumes_when = serializers.CharField()
    resumes_on = serializers.DateField()
    answered_by = serializers.CharField(source="answered_by.name", default=None)
    answered_at = serializers.DateTimeField()
    way = serializers.CharField()
    words = serializers.CharField()


class CallSerializer(serializers.Serializer[Any]):
    """The facts of a call or a remote session beside its note."""

    with_whom = serializers.CharField()
    began_at = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    tool = serializers.CharField()
    word = serializers.CharField()


class MessageSerializer(serializers.ModelSerializer[Message]):
    """One entry of the thread."""

    author = serializers.CharField(source="author.name", read_only=True, allow_null=True, default=None)
    attachments = AttachmentSerializer(many=True, read_only=True)
    scope = ScopeSerializer(read_only=True, allow_null=True, default=None)
    call = CallSerializer(read_only=True, allow_null=True, default=None)
    appointment = AppointmentSerializer(read_only=True, allow_null=True, default=None)
    suspension_proposal = SuspensionProposalSerializer(read_only=True, allow_null=True, default=None)
    result = serializers.BooleanField(
        write_only=True, default=False, help_text="Of the vendor: the customer is asked whether it is solved."
    )

    class Meta:
        model = Message
        fields = (
            *("id", "kind", "author", "body", "internal", "created_at"),
            *("attachments", "scope", "appointment", "suspension_proposal", "call", "result"),
        )
        read_only_fields = ("id", "kind", "author", "created_at")
        extra_kwargs = {"body": {"allow_blank": False, "required": True}}


class EventSerializer(serializers.ModelSerializer[CaseEvent]):
    """One event of the history; ``reason`` in a person's own words, or a sentence of the portal."""

    actor = serializers.CharField(source="actor.name", allow_null=True, default=None)
    assignee = serializers.CharField(source="assignee.name", allow_null=True, default=None)
    reason = serializers.CharField(source="why")
    from_status = serializers.CharField()
    to_status = serializers.CharField()

    class Meta:
        model = CaseEvent
        fields = (
            *("kind", "at", "actor", "reason", "from_status", "to_status", "assignee"),
            *("field", "before", "after"),
        )
        read_only_fields = fields


class StatusSerializer(serializers.Serializer[None]):
    """A change of status by its name. Waiting, resuming and closing ask for the ``reason``."""

    change = serializers.ChoiceField(choices=[(c.name, c.name) for c in CHANGES.values() if c.by_hand])
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


ERROR = inline_serializer(
    "Error",
    {
        "error": inline_serializer(
            "ErrorFacts", {"code": serializers.CharField(), "message": serializers.CharField()}
        )
    },
)


class CaseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[Case]
):
    """Cases that the signed-in person may see, newest first; ``?search=`` narrows them."""

    lookup_field = "number"
    serializer_class = CaseSerializer
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        """Starts from what the person may see."""
        user = person_of(self.request)
        text = self.request.query_params.get("search", "")
        cases = Case.objects.search(text, user) if text else Case.objects.visible_to(user)
        return cases.select_related("organisation", "contact", "engineer")

    @extend_schema(request=NewCaseSerializer, responses={201: CaseSerializer, 400: ERROR, 403: ERROR})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Reports a case."""
        form = NewCaseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = dict(form.validated_data)
        person = person_of(request)
        contact, organisation = _contact(person, facts.pop("contact", None))
        case = services.report_case(by=person, organisation=organisation, contact=contact, **facts)
        return Response(self.get_serializer(case).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=IncidentSerializer, responses={200: CaseSerializer, 400: ERROR})
    def partial_update(self, request: Request, number: str) -> Response:
        """Says or corrects when the trouble happened; nothing else of a case is changed this way."""
        case = self.get_object()
        form = IncidentSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.set_incident_time(case, form.validated_data["incident_at"], by=person_of(request))
        return Response(self.get_serializer(case).data)

    @extend_schema(
        request=StatusSerializer, responses={200: CaseSerializer, 400: ERROR, 403: ERROR, 409: ERROR}
    )
    def change_status(self, request: Request, number: str) -> Response:
        """Changes the status by one of the case's ``changes``."""
        case = self.get_object()
        # Rights before the form: who may not do it learns nothing of how it is done.
        rights.require(rights.may_change_status, person_of(request), case)
        form = StatusSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        case.change(
            form.validated_data["change"], by=person_of(request), reason=form.validated_data["reason"]
        )
        return Response(self.get_serializer(case).data)


class MessageViewSet(mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet[Message]):
    """The thread of one case, oldest first, as far as the signed-in person may read it."""

    serializer_class = MessageSerializer
    queryset = Message.objects.none()

    def get_case(self) -> Case:
        """The case of the address; 404 where it is not visible."""
        return get_object_or_404(
            Case.objects.visible_to(person_of(self.request)), number=self.kwargs["number"]
        )

    def get_queryset(self) -> QuerySet[Message]:
        """Starts from what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        messages = Message.objects.visible_to(person_of(self.request))
        return (
            messages.filter(case=self.get_case())
            .select_related("author", "scope__answered_by", "appointment__answered_by", "call")
            .select_related("suspension_proposal__answered_by")
            .prefetch_related("attachments", "appointment__times")
        )

    @extend_schema(responses={201: MessageSerializer, 400: ERROR, 403: ERROR, 409: ERROR})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Writes in the thread; ``internal`` makes it a note that no customer sees, ``result`` asks her
        whether it is solved."""
        case = self.get_case()
        form = self.get_serializer(data=request.data)
        form.is_valid(raise_exception=True)
        internal = form.validated_data.get("internal", False)
        with transaction.atomic():
            message = services.post_message(
                case,
                by=person_of(request),
                body=form.validated_data["body"],
                kind=MessageKind.NOTE if internal else MessageKind.PORTAL,
                internal=internal,
                result=form.validated_data["result"],
            )
            mentions.record(message, by=person_of(request))
        return Response(self.get_serializer(message).data, status=status.HTTP_201_CREATED)


class EventViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CaseEvent]):
    """The history of one case, oldest first, as far as the signed-in person may read it."""

    serializer_class = EventSerializer
    queryset = CaseEvent.objects.none()

    def get_queryset(self) -> QuerySet[CaseEvent]:
        """Starts from what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        case = case_of(self.request, self.kwargs["number"])
        events = CaseEvent.objects.visible_to(person_of(self.request)).filter(case=case)
        return events.select_related("actor", "assignee")


def person_of(request: Request) -> User:
    """Who asks; the permission class has let nobody anonymous through."""
    assert isinstance(request.user, User)
    return request.user


def case_of(request: Request, number: str) -> Case:
    """The case of an address. Raises ``Http404`` where the person sees none."""
    cases = Case.objects.visible_to(person_of(request)).select_related("organisation", "contact", "engineer")
    return get_object_or_404(cases, number=number)


def customer_of(case: Case, address: str | None) -> User:
    """The person of the case's organisation with this mail address. Raises ``ValidationError``."""
    people = User.objects.filter(organisation=case.organisation_id, is_active=True)
    person = people.filter(email=(address or "").strip().lower()).first()
    if person is None:
        raise serializers.ValidationError({"person": [_("Name the mail address of a customer.")]})
    return person


def _contact(person: User, address: str | None) -> tuple[User, Organisation]:
    if person.is_customer:
        contact: User | None = person
    elif not person.is_vendor:
        raise NotAllowed()
    else:
        contact = User.objects.filter(email=(address or "").strip().lower(), is_active=True).first()
    if contact is None or contact.organisation is None:
        raise serializers.ValidationError({"contact": [_("Name the mail address of a customer.")]})
    return contact, contact.organisation
