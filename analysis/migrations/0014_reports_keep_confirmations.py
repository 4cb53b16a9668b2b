from django.db import migrations, models


class Migration(migrations.Migration):
    """Who said of a report that both its languages say the same, and what told against it."""

    dependencies = [
        ("analysis", "0013_steps_ticked_by_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="confirmations",
            field=models.JSONField(blank=True, default=list, verbose_name="confirmations"),
        ),
    ]
