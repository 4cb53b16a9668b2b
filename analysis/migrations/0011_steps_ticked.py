import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE TRIGGER step_tick_unchanged BEFORE UPDATE ON analysis_steptick
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER step_tick_kept BEFORE DELETE ON analysis_steptick
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER step_tick_not_emptied BEFORE TRUNCATE ON analysis_steptick
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER step_tick_unchanged ON analysis_steptick;
DROP TRIGGER step_tick_kept ON analysis_steptick;
DROP TRIGGER step_tick_not_emptied ON analysis_steptick;
"""


class Migration(migrations.Migration):
    """Who tried which step of an advice, and when; a tick taken back is a row more."""

    dependencies = [
        ("analysis", "0010_reports_are_revised"),
        ("accounts", "0007_history_is_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StepTick",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("step", models.PositiveSmallIntegerField(verbose_name="step")),
                ("done", models.BooleanField(verbose_name="done")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticks",
                        to="analysis.report",
                    ),
                ),
            ],
            options={
                "verbose_name": "tick of a step",
                "verbose_name_plural": "ticks of steps",
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["report", "step"], name="analysis_steptick_step")],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
