import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """What a person of the vendor's wants to be reminded of."""

    dependencies = [
        ('cases', '0020_escalations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='due')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_reminders', to='cases.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_reminders', to=settings.AUTH_USER_MODEL)),
                ('replaced', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='replaced_by', to='cases.ownreminder')),
            ],
            options={
                'verbose_name': 'own reminder',
                'verbose_name_plural': 'own reminders',
                'ordering': ('due_at', 'pk'),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['due_at'], name='own_reminder_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person', 'case'), name='one_own_reminder_a_case')],
            },
        ),
    ]
