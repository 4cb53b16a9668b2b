"""django-helpdesk as it is installed, fed with mails as its mailbox reader feeds itself.

    python desk.py FOLDER < mails.jsonl > handled.jsonl

The first line of the input is ``{"slug": …, "mailbox": …, "tickets": [{"message_id", "submitter"}, …],
"people": [address, …]}``, each further one ``{"name": …, "raw": base64}``; the tickets get the ids 1, 2, …
For each mail one line comes out: ``{"name", "trouble", "entries": [{"ticket", "shown", "kept"}]}``: ``shown``
is what its ticket page shows at once, ``kept`` what its own parser of replies leaves of that.
"""

import base64
import json
import logging
import sys
from pathlib import Path

import django
from django.conf import settings


def set_up(folder: Path) -> None:
    """Its settings, as its documentation has them for a project without teams."""
    settings.configure(
        SECRET_KEY="for-one-measurement",
        USE_TZ=True,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "helpdesk.db")}},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.messages",
            "django.contrib.admin",
            "django.contrib.humanize",
            "rest_framework",
            "helpdesk",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        ROOT_URLCONF="urls",
        SITE_ID=1,
        MEDIA_ROOT=str(folder / "media"),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
    )
    django.setup()


def main(folder: Path) -> None:
    """Reads the mails and tells what became of each."""
    set_up(folder)
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone
    from django.utils.encoding import force_str
    from email_reply_parser import EmailReplyParser
    from helpdesk.email import extract_email_metadata
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0)
    logging.disable(logging.CRITICAL)
    desk = json.loads(sys.stdin.readline())
    queue = Queue.objects.create(
        title="Support", slug=desk["slug"], email_address=desk["mailbox"], allow_email_submission=True
    )
    for address in desk["people"]:
        get_user_model().objects.create_user(address, address)
    for ticket in desk["tickets"]:
        row = Ticket.objects.create(title="Case", queue=queue, submitter_email=ticket["submitter"])
        FollowUp.objects.create(
            ticket=row, date=timezone.now(), public=True, comment="…", message_id=ticket["message_id"]
        )
    for line in sys.stdin:
        mail = json.loads(line)
        newest = FollowUp.objects.order_by("-pk").values_list("pk", flat=True).first()
        trouble = ""
        try:
            # The same two calls as in helpdesk.email.imap_sync.
            message = force_str(base64.b64decode(mail["raw"]), errors="replace")
            extract_email_metadata(message=message, queue=queue, logger=logging.getLogger("helpdesk"))
        except Exception as error:
            trouble = f"{type(error).__name__}: {error}"
        entries = [
            {
                "ticket": row.ticket_id,
                "shown": row.comment or "",
                "kept": EmailReplyParser.parse_reply(row.comment or ""),
            }
            for row in FollowUp.objects.filter(pk__gt=newest).order_by("pk")
        ]
        print(json.dumps({"name": mail["name"], "trouble": trouble[:200], "entries": entries}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
