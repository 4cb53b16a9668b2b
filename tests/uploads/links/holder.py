"""Whoever holds an upload link."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from tests.uploads.tus_client import CHUNK, metadata
from uploads.custody.privacy import version_in_force
from uploads.links import services as links
from uploads.links.models import UploadLink

ASKED = "The event logs of the last week, please."


def made(case: Case, by: User, **facts: Any) -> tuple[UploadLink, str]:
    allowed: dict[str, Any] = {
        "expires_at": timezone.now() + timedelta(days=7),
        "most_bytes": 10_000,
        "most_uploads": 3,
        "asked": ASKED,
    }
    return links.make(by=by, case=case, **(allowed | facts))


class Holder:
    """Whoever holds a link, in a browser of her own."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(headers={"Accept-Language": "en"}), secret

    def page(self, part: str = "") -> Any:
        return self.client.get(f"/uploads/link/{self.secret}{part}")

    def agree(self) -> Any:
        form_data = {"version": version_in_force(), "agree": "1"}
        return self.client.post(f"/uploads/link/{self.secret}/consent", form_data)

    def ask(self, method: str, url: str, body: bytes = b"", kind: str = CHUNK, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        always = {"Tus-Resumable": "1.0.0", "Authorization": f"Link {self.secret}"}
        return self.client.generic(method, url, body, kind, headers=always | named)

    def create(self, size: int, **values: str) -> Any:
        values = {"filename": "logs.zip"} | values
        return self.ask("POST", "/uploads/tus/", Upload_Length=str(size), Upload_Metadata=metadata(**values))

    def send(self, body: bytes) -> Any:
        return self.ask("PATCH", self.create(len(body))["Location"], body, Upload_Offset="0")
