import cases.working_days.models
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The week that is worked, and days that differ."""

    dependencies = [
        ('cases', '0017_entries_read_anew'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkingCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(7)]), default=cases.working_days.models.monday_to_friday, size=7, verbose_name='people work on')),
            ],
            options={
                'verbose_name': 'working days',
                'verbose_name_plural': 'working days',
                'constraints': [models.CheckConstraint(condition=models.Q(('weekdays__len__gt', 0)), name='some_day_is_worked')],
            },
        ),
        migrations.CreateModel(
            name='SpecialDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('is_worked', models.BooleanField(choices=[(False, 'Holiday'), (True, 'Make-up working day')], default=False, verbose_name='what it is')),
                ('name', models.CharField(blank=True, max_length=100, verbose_name='name')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='special_days', to='cases.workingcalendar')),
            ],
            options={
                'verbose_name': 'day that differs',
                'verbose_name_plural': 'days that differ',
                'ordering': ('day',),
                'constraints': [models.UniqueConstraint(fields=('calendar', 'day'), name='each_special_day_once')],
            },
        ),
    ]
