import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A tick knows the mail that said it."""

    dependencies = [
        ("analysis", "0012_runs_tell_their_conditions"),
        ("cases", "0017_entries_read_anew"),
    ]

    operations = [
        migrations.AddField(
            model_name="steptick",
            name="entry",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ticked_steps",
                to="cases.message",
            ),
        ),
    ]
