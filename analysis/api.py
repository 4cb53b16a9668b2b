"""The API of runs, findings and reports: the same rights as the pages. Drafts, findings and result
documents are the vendor's; customers get the state of a run and the reports that were sent."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.languages import current_language
from accounts.models import User
from analysis.findings.models import Finding
from analysis.reports.content import content_of
from analysis.reports.models import Report, ReportState
from analysis.runs.models import AnalysisRun
from engine.schema.document import localised
from engine.schema.versions import components, stored_form
from engine.text import LANGUAGES
from uploads.custody.accesses import record_view
from uploads.custody.models import Act

LANG = OpenApiParameter(
    "lang", OpenApiTypes.STR, enum=list(LANGUAGES), description="The language of the texts."
)


RESULT, RESULT_PARTS = components("#/components/schemas/{name}")


def with_result_document(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """The API's description with the parts of the result document; a hook of drf-spectacular."""
    result["components"]["schemas"] |= RESULT_PARTS
    return result


class RunSerializer(serializers.ModelSerializer[AnalysisRun]):
    """A run; ``error`` and ``progress`` are the vendor's."""

    case = serializers.CharField(source="bundle.case.number", read_only=True)
    bundle = serializers.CharField(source="bundle.name", read_only=True)

    class Meta:
        model = AnalysisRun
        fields = (
            "id",
            "case",
            "bundle",
            "state",
            "attempt",
            "queued_at",
            "started_at",
            "finished_at",
            "failure",
        )
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A finding with its evidence; texts in the language asked for."""

    title = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    advice = serializers.SerializerMethodField()
    gaps = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = (
            "id",
            "position",
            "rule",
            "severity",
            "title",
            "summary",
            "advice",
            "gaps",
            "evidence",
            "data",
            "fingerprint",
        )
        read_only_fields = fields

    def get_title(self, finding: Finding) -> str:
        """The title in one language."""
        return self._in_language(finding.title)

    def get_summary(self, finding: Finding) -> str:
        """The summary in one language."""
        return self._in_language(finding.summary)

    def get_advice(self, finding: Finding) -> str:
        """The advice in one language."""
        return self._in_language(finding.advice)

    def get_gaps(self, finding: Finding) -> str:
        """What missing data means for the finding, in one language."""
        return self._in_language(finding.gaps)

    def _in_language(self, text: dict[str, str] | None) -> str:
        return (text or {}).get(_language(self.context["request"]), "")


class ReportSerializer(serializers.ModelSerializer[Report]):
    """A report with its content in the language asked for; a list names reports without it. ``replaces``
    and ``superseded_by`` are versions."""

    case = serializers.CharField(source="case.number", read_only=True)
    replaces = serializers.IntegerField(
        source="replaces.version", read_only=True, allow_null=True, default=None
    )
    superseded_by = serializers.IntegerField(source="newer_version", read_only=True, allow_null=True)
    content = serializers.SerializerMethodField()

    class Meta:
        model = Report
        fields = (
            *("id", "case", "version", "state", "sent_at", "replaces", "superseded_by"),
            *("content_sha256", "pdfs", "content"),
        )
        read_only_fields = fields

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """The content is megabytes at worst; fifty of them at once would be nobody's wish."""
        fields = super().get_fields()
        if self.parent is not None:
            del fields["content"]
        return fields

    def get_content(self, report: Report) -> dict[str, Any]:
        """The content in one language; of a sent report as it was frozen."""
        content = report.content or stored_form(content_of(report))
        return localised(content, _language(self.context["request"]))

    def to_representation(self, instance: Report) -> dict[str, Any]:
        """PDFs by their hashes; where they are stored is nobody's concern."""
        shown = super().to_representation(instance)
        shown["pdfs"] = {
            language: {"sha256": pdf["sha256"], "size": pdf["size"]}
            for language, pdf in instance.pdfs.items()
        }
        return shown


class RunViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[AnalysisRun]):
    """The runs of visible cases, newest first; ``?case=`` narrows them."""

    serializer_class = RunSerializer
    queryset = AnalysisRun.objects.none()

    def get_queryset(self) -> QuerySet[AnalysisRun]:
        """Starts from what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = AnalysisRun.objects.visible_to(_person(self.request)).select_related("bundle__case")
        if self.action != "document":
            rows = rows.defer("document")
        number = self.request.query_params.get("case")
        return rows.filter(bundle__case__number=number) if number else rows

    @extend_schema(parameters=[LANG], responses={200: FindingSerializer(many=True)})
    @action(detail=True, pagination_class=None)
    def findings(self, request: Request, pk: str | None = None) -> Response:
        """The findings of a run, for the vendor."""
        _vendor_only(request)
        run = self.get_object()
        record_view(request, run.bundle, Act.FINDINGS)
        rows = run.findings.all()
        return Response(FindingSerializer(rows, many=True, context=self.get_serializer_context()).data)

    @extend_schema(parameters=[LANG], responses={200: RESULT})
    @action(detail=True)
    def document(self, request: Request, pk: str | None = None) -> Response:
        """The result document ``anjuan.result/2``, for the vendor; 404 until the run has ended."""
        _vendor_only(request)
        run = self.get_object()
        result = run.result
        record_view(request, run.bundle, Act.FINDINGS)
        response = Response(localised(stored_form(result), _language(request)))
        response["Content-Disposition"] = f'attachment; filename="{run.bundle.case.number}-run-{run.pk}.json"'
        return response


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """The reports of visible cases; ``?case=`` narrows them. Drafts exist for the vendor only."""

    serializer_class = ReportSerializer
    queryset = Report.objects.none()

    def get_queryset(self) -> QuerySet[Report]:
        """Starts from what the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        newer = Report.objects.filter(replaces=OuterRef("pk"), state=ReportState.SENT).values("version")
        rows = Report.objects.visible_to(_person(self.request)).select_related("case", "replaces")
        rows = rows.annotate(newer_version=Subquery(newer[:1])).defer("replaces__content")
        if self.action == "list":
            rows = rows.defer("content", "replaces__content")
        number = self.request.query_params.get("case")
        return rows.filter(case__number=number) if number else rows

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A report with its content; that it was read is recorded."""
        report = self.get_object()
        record_view(request, report.run.bundle, Act.REPORT, f"v{report.version}")
        return Response(self.get_serializer(report).data)


def _person(request: Request) -> User:
    # The permission class has let nobody anonymous through.
    assert isinstance(request.user, User)
    return request.user


def _vendor_only(request: Request) -> None:
    if not _person(request).is_vendor:
        raise Http404


def _language(request: Request) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else current_language()
