"""What this room does when another one announces something."""

from typing import Any

from django.dispatch import receiver

from cases.signals import files_posted
from uploads.attachments import services as attachments


@receiver(files_posted, dispatch_uid="uploads-attaches-files")
def attach_files(message: Any, files: Any, by: Any, **_: Any) -> None:
    """Keeps them with the entry; a refusal undoes the post."""
    attachments.attach_posted(message, files, by=by)
