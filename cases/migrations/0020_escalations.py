import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


KEPT = """
CREATE TRIGGER escalation_kept BEFORE DELETE ON cases_escalation
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER escalation_unchanged BEFORE UPDATE ON cases_escalation
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER escalation_not_emptied BEFORE TRUNCATE ON cases_escalation
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
"""
GONE = """
DROP TRIGGER escalation_kept ON cases_escalation;
DROP TRIGGER escalation_unchanged ON cases_escalation;
DROP TRIGGER escalation_not_emptied ON cases_escalation;
"""


def before_the_closing(apps, schema_editor):
    """A plan that an administrator has made may close cases sooner than the defaults say."""
    for plan in apps.get_model('cases', 'ReminderPlan').objects.all():
        if plan.days:
            last = plan.days[-1] + plan.suspend_after - 1
            plan.engineer_after, plan.manager_after = min(8, last), min(13, last)
            plan.save()


class Migration(migrations.Migration):
    """Who of the vendor's is told that a customer stays silent, and that she was."""

    dependencies = [
        ('cases', '0019_what_merging_changed'),
    ]

    operations = [
        migrations.AddField(
            model_name='reminderplan',
            name='engineer_after',
            field=models.PositiveSmallIntegerField(blank=True, default=8, help_text='Once for each silence. Empty: never.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='tell the engineer after so many working days'),
        ),
        migrations.AddField(
            model_name='reminderplan',
            name='manager_after',
            field=models.PositiveSmallIntegerField(blank=True, default=13, help_text='Once for each silence. Empty: never.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(250)], verbose_name='tell the managers after so many working days'),
        ),
        migrations.CreateModel(
            name='Escalation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('level', models.CharField(choices=[('engineer', 'Engineer'), ('manager', 'Manager')], max_length=10)),
                ('at', models.DateTimeField()),
                ('missing', models.PositiveSmallIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalations', to='cases.case')),
            ],
            options={
                'verbose_name': 'escalation',
                'verbose_name_plural': 'escalations',
                'ordering': ('at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('case', 'since', 'level'), name='each_escalation_once')],
            },
        ),
        migrations.RunPython(before_the_closing, migrations.RunPython.noop),
        migrations.RunSQL(KEPT, GONE),
    ]
