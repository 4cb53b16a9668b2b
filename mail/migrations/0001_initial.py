"""Takes the table of mails received over from ``uploads``; the database itself does not change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("cases", "0005_evidence_requests"),
        ("uploads", "0011_inbound_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="InboundMail",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="received")),
                        ("attachments", models.JSONField(default=list)),
                        ("done_at", models.DateTimeField(null=True)),
                        ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="inbound_mails", to="cases.case")),
                        ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "verbose_name": "mail received",
                        "verbose_name_plural": "mails received",
                        "db_table": "uploads_inboundmail",
                    },
                ),
            ],
        ),
    ]
