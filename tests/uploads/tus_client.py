"""Speaking tus to the portal, as its tests do."""

import base64
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from cases.models import Case
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload

CHUNK = "application/offset+octet-stream"


def metadata(**values: str) -> str:
    """An Upload-Metadata header."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def upload_at(url: str) -> Upload:
    """The row behind an upload's address."""
    return Upload.objects.get(pk=url.rpartition("/")[2])


class Tus:
    """One signed-in person's tus client over Django's test client."""

    def __init__(self, user: User | None, case: Case | None = None, language: str = "en") -> None:
        self.client = Client()
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            self.client.force_login(user)
            if case is not None and user.is_customer:
                agree(user, case)
        self.case = case
        self.always = {"Tus-Resumable": "1.0.0", "Accept-Language": language}

    def ask(self, method: str, url: str, body: bytes = b"", /, **headers: str) -> Any:
        """One request; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = named.pop("Content-Type", "application/octet-stream")
        return self.client.generic(method, url, body, kind, headers=self.always | named)

    def create(self, size: int, name: str = "logs.zip", case: str | None = None, **headers: str) -> Any:
        """The answer to a creation."""
        number = case if case is not None else self.case.number if self.case else ""
        return self.ask(
            "POST",
            "/uploads/tus/",
            Upload_Length=str(size),
            Upload_Metadata=metadata(filename=name, case=number),
            **headers,
        )

    def begin_upload(self, size: int, name: str = "logs.zip") -> str:
        """The address of a new upload."""
        answer = self.create(size, name)
        assert answer.status_code == 201, answer.content.decode()
        return str(answer["Location"])

    def patch(self, url: str, offset: int, body: bytes, **headers: str) -> Any:
        """The answer to a chunk."""
        headers = {"Content_Type": CHUNK, "Upload_Offset": str(offset)} | headers
        return self.ask("PATCH", url, body, **headers)

    def offset(self, url: str) -> int:
        """Where the upload continues, says the server."""
        return int(self.ask("HEAD", url)["Upload-Offset"])


def sentence(answer: HttpResponse) -> str:
    """The body of a refusal."""
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode()
