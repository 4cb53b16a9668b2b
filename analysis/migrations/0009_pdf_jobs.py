import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

# Earlier versions made the PDFs while they sent the report, the first ones when somebody read it.
KEEP = """
INSERT INTO analysis_pdfjob (report_id, state, attempt, token, queued_at, finished_at, progress, failure, error, files)
SELECT id, CASE pdfs WHEN '{}' THEN 'queued' ELSE 'done' END, 0, 0, sent_at,
       CASE pdfs WHEN '{}' THEN NULL ELSE sent_at END, '{}', '', '', pdfs
FROM analysis_report WHERE state = 'sent';
"""
KEPT = """
CREATE TRIGGER pdfs_kept BEFORE DELETE ON analysis_pdfjob
    FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER pdfs_not_emptied BEFORE TRUNCATE ON analysis_pdfjob
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER pdfs_unchanged BEFORE UPDATE ON analysis_pdfjob
    FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER pdfs_kept ON analysis_pdfjob;
DROP TRIGGER pdfs_not_emptied ON analysis_pdfjob;
DROP TRIGGER pdfs_unchanged ON analysis_pdfjob;
"""


class Migration(migrations.Migration):
    """The PDFs of a sent report are a job's, beside the frozen row; stored once and for all."""

    dependencies = [("analysis", "0008_sent_reports_are_kept")]

    operations = [
        migrations.CreateModel(
            name="PdfJob",
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
                ("files", models.JSONField(blank=True, default=dict)),
                (
                    "report",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pdf_job",
                        serialize=False,
                        to="analysis.report",
                    ),
                ),
            ],
            options={"verbose_name": "PDFs of a report", "verbose_name_plural": "PDFs of reports"},
        ),
        migrations.AddIndex(
            model_name="pdfjob",
            index=models.Index(fields=["state", "lease_until"], name="analysis_pdfjob_open"),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RemoveField(model_name="report", name="pdfs"),
    ]
