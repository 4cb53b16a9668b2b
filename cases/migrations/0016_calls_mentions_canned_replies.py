import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Facts of calls, colleagues whom notes name, and texts to use again."""

    dependencies = [
        ('cases', '0015_corrections_and_reasons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('with_whom', models.CharField(blank=True, max_length=200, verbose_name='with whom')),
                ('began_at', models.DateTimeField(null=True, verbose_name='began')),
                ('minutes', models.PositiveSmallIntegerField(null=True, verbose_name='minutes')),
                ('tool', models.CharField(blank=True, max_length=100, verbose_name='tool')),
                ('word', models.CharField(blank=True, max_length=300, verbose_name='whose word for what')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='call', to='cases.message')),
            ],
            options={
                'verbose_name': 'call',
                'verbose_name_plural': 'calls',
            },
        ),
        migrations.CreateModel(
            name='CannedReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('text_zh', models.TextField(verbose_name='Chinese text')),
                ('text_en', models.TextField(verbose_name='English text')),
                ('changed_at', models.DateTimeField(verbose_name='changed')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'canned reply',
                'verbose_name_plural': 'canned replies',
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='cases.message')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mention',
                'verbose_name_plural': 'mentions',
                'constraints': [models.UniqueConstraint(fields=('message', 'person'), name='mention_once')],
            },
        ),
    ]
