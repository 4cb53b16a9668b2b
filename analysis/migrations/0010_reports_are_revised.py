import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A sent report can be revised: the same run has several, each sent one replaced by one at most. What
    was sent is not touched: that it is superseded follows from the one that replaces it."""

    dependencies = [("analysis", "0009_pdf_jobs")]

    operations = [
        migrations.RemoveConstraint(model_name="report", name="report_one_per_run"),
        migrations.AddField(
            model_name="report",
            name="change",
            field=models.JSONField(blank=True, default=dict, verbose_name="what changed"),
        ),
        migrations.AddField(
            model_name="report",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="revisions",
                to="analysis.report",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="unconfirmed",
            field=models.JSONField(blank=True, default=dict, verbose_name="not confirmed"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")), fields=("run",), name="report_one_draft_per_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "sent")), fields=("replaces",), name="report_replaced_once"
            ),
        ),
    ]
