"""The API of bundles: read only; uploading is the tus endpoint's."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import mixins, serializers, viewsets

from accounts.models import User
from cases.models import Case
from uploads.bundles.models import Bundle, BundleQuerySet


class BundleSerializer(serializers.ModelSerializer[Bundle]):
    """A bundle; ``sha256`` is empty until it is sealed, ``size`` is in bytes."""

    case = serializers.SlugRelatedField[Any](slug_field="number", read_only=True)
    uploaded_by = serializers.CharField(source="user.name", default="", read_only=True)
    by_upload_link = serializers.BooleanField(source="link_id", read_only=True)
    privacy_version = serializers.CharField(source="consent.version", default=None, read_only=True)

    class Meta:
        model = Bundle
        fields = (
            "id",
            "case",
            "name",
            "size",
            "sha256",
            "state",
            "uploaded_by",
            "by_upload_link",
            "privacy_version",
            "received_at",
            "sealed_at",
            "scan_state",
            "scan_said",
            "scanned_at",
        )


class BundleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Bundle]):
    """The bundles of one case, oldest first, and a bundle by its id."""

    queryset = Bundle.objects.none()
    serializer_class = BundleSerializer
    lookup_url_kwarg = "bundle_id"

    def get_queryset(self) -> BundleQuerySet:
        """Bundles that this person may see; a case that she may not see is not found."""
        user = self.request.user
        if not isinstance(user, User):
            return Bundle.objects.none()
        bundles = Bundle.objects.visible_to(user).select_related("case", "user", "consent")
        if "number" in self.kwargs:
            case = get_object_or_404(Case.objects.visible_to(user), number=self.kwargs["number"])
            bundles = bundles.filter(case=case)
        return bundles
