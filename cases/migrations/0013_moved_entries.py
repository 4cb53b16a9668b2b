import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_outcomes_and_relations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='moved')),
                ('back_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back')),
                ('back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('copy', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_from', to='cases.message')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='cases.message')),
            ],
            options={
                'verbose_name': 'moved entry',
                'verbose_name_plural': 'moved entries',
                'constraints': [models.UniqueConstraint(condition=models.Q(('back_at', None)), fields=('entry',), name='entry_moved_once')],
            },
        ),
    ]
