import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

# What is complete and not sealed goes on: the next sweep sends it to the workers.
KEEP = """
INSERT INTO uploads_sealjob (bundle_id, state, attempt, token, queued_at, progress, failure, error)
SELECT id, 'queued', 0, 0, received_at, '{}', '', '' FROM uploads_bundle WHERE state = 'sealing';
"""


class Migration(migrations.Migration):
    """The seal is a job with a row of its own."""

    dependencies = [("uploads", "0012_mail_has_a_room")]

    operations = [
        migrations.CreateModel(
            name="SealJob",
            fields=[
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting to start"),
                            ("running", "Running"),
                            ("done", "Finished"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("attempt", models.PositiveIntegerField(default=0, verbose_name="attempt")),
                ("token", models.PositiveIntegerField(default=0)),
                ("queued_at", models.DateTimeField(db_default=Now(), verbose_name="queued")),
                (
                    "enqueued_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="sent to the workers"),
                ),
                ("not_before", models.DateTimeField(blank=True, null=True)),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                (
                    "heartbeat_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
                ),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                ("progress", models.JSONField(blank=True, default=dict, verbose_name="progress")),
                ("failure", models.CharField(blank=True, max_length=20, verbose_name="failure")),
                ("error", models.TextField(blank=True, verbose_name="error")),
                (
                    "bundle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="seal_job",
                        serialize=False,
                        to="uploads.bundle",
                    ),
                ),
            ],
            options={"verbose_name": "sealing", "verbose_name_plural": "sealings"},
        ),
        migrations.AddIndex(
            model_name="sealjob",
            index=models.Index(fields=["state", "lease_until"], name="uploads_sealjob_open"),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="bundle", name="asked_at"),
    ]
