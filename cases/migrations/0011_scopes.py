import cases.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Scopes; the kinds of messages are named by a function, which a new kind does not change."""

    dependencies = [
        ('cases', '0010_scoping_and_late_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='kind',
            field=models.CharField(choices=cases.models.kinds_of_message, default='portal', max_length=10, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Scope',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('drafted', 'Draft'), ('sent', "Waiting for the customer's word"), ('agreed', 'Agreed'), ('objected', 'Objected to'), ('superseded', 'Replaced by a newer version')], default='drafted', max_length=10, verbose_name='state')),
                ('problem', models.TextField(verbose_name='problem')),
                ('included', models.TextField(blank=True, verbose_name='in scope')),
                ('excluded', models.TextField(blank=True, verbose_name='out of scope')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('words', models.TextField(blank=True, verbose_name="the customer's words")),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scopes', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='scope', to='cases.message')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'scope',
                'verbose_name_plural': 'scopes',
                'ordering': ('-version',),
                'constraints': [models.UniqueConstraint(fields=('case', 'version'), name='scope_version_once')],
            },
        ),
    ]
