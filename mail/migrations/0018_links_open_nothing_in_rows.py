import re
from base64 import urlsafe_b64encode
from hashlib import sha256

from django.db import migrations
from django.db.models import Q
from django.utils.crypto import salted_hmac

UPLOAD = re.compile(r"(?<=/uploads/link/)[\w-]{40,60}(?![\w-])")
ANSWER = re.compile(r"(?<=/answer/)[\w:=-]{8,2000}(?=/)")


def _digest(secret):
    return sha256(secret.encode()).hexdigest()


def close(apps, schema_editor):
    """A mail that is composed keeps its links in its bytes; one that is not gets them when it is."""
    mails = apps.get_model("mail", "MailMessage").objects.filter(direction="out")
    links = apps.get_model("uploads", "UploadLink").objects
    holds = Q(facts__action__url__icontains="/uploads/link/") | Q(facts__text__icontains="/answer/")
    holds |= Q(facts__action__url__icontains="/answer/")
    for mail in mails.filter(holds).only("facts", "source", "state", "person").iterator(chunk_size=500):
        facts, is_composed = dict(mail.facts), bool(mail.source) or mail.state != "queued"

        def link_id(found):
            link = links.filter(digest=_digest(found[0])).first()
            if link is None:
                return "…"
            if not is_composed:
                made = salted_hmac("uploads.links.addresses", str(link.pk), algorithm="sha256").digest()
                secret = "mail-" + urlsafe_b64encode(made).decode().rstrip("=")
                links.filter(pk=link.pk).update(digest=_digest(secret), person=mail.person_id)
            return str(link.pk)

        def shut(text):
            text = ANSWER.sub("…", text) if is_composed else text
            return UPLOAD.sub(link_id, text)

        if action := facts.get("action"):
            facts["action"] = action | {"url": shut(action["url"])}
        if facts.get("text"):
            facts["text"] = shut(facts["text"])
        for part in facts.get("parts") or ():
            part["text"] = shut(part["text"])
        mails.filter(pk=mail.pk).update(facts=facts)
    # What retention had left of the texts of mails whose bytes are gone.
    for mail in mails.filter(source="", facts__has_key="parts").exclude(facts__has_key="text").iterator():
        facts = {name: fact for name, fact in mail.facts.items() if name != "parts"}
        mails.filter(pk=mail.pk).update(facts=facts)


class Migration(migrations.Migration):
    """Links that are their reader's alone stood in the rows of sent mails in clear."""

    dependencies = [
        ("mail", "0017_attach_files_too"),
        ("uploads", "0019_links_in_mails"),
    ]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
