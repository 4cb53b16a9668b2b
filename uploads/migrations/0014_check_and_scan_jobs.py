import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

# What was under way goes on: whoever held it is gone with the old version, the next sweep sends it.
KEEP = """
UPDATE uploads_bundlecheck SET queued_at = enqueued_at, token = attempt;
UPDATE uploads_bundlecheck SET lease_until = now() WHERE state = 'running';
INSERT INTO uploads_scanjob
    (bundle_id, state, attempt, token, queued_at, enqueued_at, progress, failure, error)
SELECT id, 'queued', 0, 0, sealed_at, scan_asked_at, '{}', '', ''
FROM uploads_bundle WHERE state = 'sealed' AND scan_state = 'waiting';
"""


class Migration(migrations.Migration):
    """Check and scan are jobs like any other."""

    dependencies = [("uploads", "0013_seal_jobs")]

    operations = [
        migrations.RenameField("bundlecheck", "asked_at", "enqueued_at"),
        migrations.RenameField("bundlecheck", "begun_at", "started_at"),
        migrations.RenameField("bundlecheck", "ended_at", "finished_at"),
        migrations.AlterField(
            model_name="bundlecheck",
            name="state",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="bundlecheck",
            name="attempt",
            field=models.PositiveIntegerField(default=0, verbose_name="attempt"),
        ),
        migrations.AddField(
            model_name="bundlecheck", name="token", field=models.PositiveIntegerField(default=0)
        ),
        migrations.AddField(
            model_name="bundlecheck",
            name="queued_at",
            field=models.DateTimeField(db_default=Now(), verbose_name="queued"),
        ),
        migrations.AlterField(
            model_name="bundlecheck",
            name="enqueued_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="sent to the workers"),
        ),
        migrations.AddField(
            model_name="bundlecheck", name="not_before", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            model_name="bundlecheck",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="started"),
        ),
        migrations.AddField(
            model_name="bundlecheck",
            name="heartbeat_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
        ),
        migrations.AddField(
            model_name="bundlecheck", name="lease_until", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField(
            model_name="bundlecheck",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="finished"),
        ),
        migrations.AddField(
            model_name="bundlecheck",
            name="progress",
            field=models.JSONField(blank=True, default=dict, verbose_name="progress"),
        ),
        migrations.AddField(
            model_name="bundlecheck",
            name="failure",
            field=models.CharField(blank=True, max_length=20, verbose_name="failure"),
        ),
        migrations.AddField(
            model_name="bundlecheck", name="error", field=models.TextField(blank=True, verbose_name="error")
        ),
        migrations.AddIndex(
            model_name="bundlecheck",
            index=models.Index(fields=["state", "lease_until"], name="uploads_bundlecheck_open"),
        ),
        migrations.CreateModel(
            name="ScanJob",
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
                        related_name="scan_job",
                        serialize=False,
                        to="uploads.bundle",
                    ),
                ),
            ],
            options={"verbose_name": "malware scan", "verbose_name_plural": "malware scans"},
        ),
        migrations.AddIndex(
            model_name="scanjob",
            index=models.Index(fields=["state", "lease_until"], name="uploads_scanjob_open"),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RemoveField(model_name="bundle", name="scan_asked_at"),
    ]
