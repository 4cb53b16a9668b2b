from django.db import migrations, models


class Migration(migrations.Migration):
    """What a run took into account, so that a later change of it can be offered. Of earlier runs nothing is
    known but what their results say."""

    dependencies = [("analysis", "0011_steps_ticked")]

    operations = [
        migrations.AddField(
            model_name="analysisrun",
            name="conditions",
            field=models.JSONField(blank=True, default=dict, verbose_name="conditions"),
        ),
    ]
