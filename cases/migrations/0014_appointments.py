import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Appointments and the times to choose from."""

    dependencies = [
        ('cases', '0014_pauses_and_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(verbose_name='proposed')),
                ('medium', models.CharField(choices=[('phone', 'Phone'), ('remote', 'Remote session')], max_length=10, verbose_name='medium')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('note', models.TextField(blank=True, verbose_name='note')),
                ('state', models.CharField(choices=[('proposed', "Waiting for the customer's word"), ('agreed', 'Agreed'), ('declined', 'None of the times suits'), ('moved', 'Replaced by newer times'), ('cancelled', 'Cancelled')], default='proposed', max_length=10, verbose_name='state')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('sequence', models.PositiveIntegerField(default=0, editable=False)),
                ('starts_at', models.DateTimeField(null=True, verbose_name='agreed time')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('words', models.TextField(blank=True, verbose_name="the customer's words")),
                ('ended_at', models.DateTimeField(null=True, verbose_name='moved or cancelled')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='appointments', to='cases.case')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appointment', to='cases.message')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'appointment',
                'verbose_name_plural': 'appointments',
                'ordering': ('-made_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ProposedTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='cases.appointment')),
            ],
            options={
                'ordering': ('starts_at',),
            },
        ),
    ]
