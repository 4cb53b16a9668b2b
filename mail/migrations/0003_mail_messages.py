import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import mail.outbound.models
import mail.store.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """One row a mail received or sent, the jobs that read and send them, what the portal's mails look like."""

    dependencies = [
        ('cases', '0009_messages_are_frozen'),
        ('mail', '0002_history_is_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseMailToken',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='mail_token', serialize=False, to='cases.case')),
                ('number', models.PositiveBigIntegerField(unique=True)),
            ],
            options={
                'verbose_name': 'mail token',
                'verbose_name_plural': 'mail tokens',
            },
        ),
        migrations.CreateModel(
            name='MailMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('direction', models.CharField(choices=[('in', 'received'), ('out', 'sent')], max_length=3, verbose_name='direction')),
                ('state', models.CharField(choices=mail.store.models.state_choices, max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, choices=mail.store.models.reason_choices, max_length=20, verbose_name='reason')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='detail')),
                ('created_at', models.DateTimeField(verbose_name='stored')),
                ('dated_at', models.DateTimeField(blank=True, null=True, verbose_name='date of the mail')),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('address', models.CharField(blank=True, max_length=320, verbose_name='mail address')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('proof', models.CharField(blank=True, max_length=20, verbose_name='proof')),
                ('subject', models.CharField(blank=True, max_length=1000, verbose_name='subject')),
                ('message_id', models.CharField(blank=True, max_length=998, verbose_name='Message-ID')),
                ('references', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=998), blank=True, default=list, size=None)),
                ('preview', models.TextField(blank=True, verbose_name='beginning')),
                ('matched_by', models.CharField(blank=True, choices=mail.store.models.match_choices, max_length=20, verbose_name='matched by')),
                ('source', models.CharField(blank=True, max_length=200)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='bytes')),
                ('content_key', models.CharField(blank=True, max_length=64)),
                ('way', models.CharField(blank=True, max_length=10, verbose_name='way')),
                ('envelope', models.JSONField(blank=True, default=dict)),
                ('attachments', models.JSONField(blank=True, default=list)),
                ('kind', models.CharField(blank=True, max_length=30, verbose_name='kind')),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='cases.case')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='cases.message')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'ordering': ('-created_at',),
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('state', models.CharField(choices=[('queued', 'Waiting to start'), ('running', 'Running'), ('done', 'Finished'), ('failed', 'Failed')], default='queued', max_length=10, verbose_name='state')),
                ('attempt', models.PositiveIntegerField(default=0, verbose_name='attempt')),
                ('token', models.PositiveIntegerField(default=0)),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='queued')),
                ('enqueued_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the workers')),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('progress', models.JSONField(blank=True, default=dict, verbose_name='progress')),
                ('failure', models.CharField(blank=True, max_length=20, verbose_name='failure')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('mail', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='delivery', serialize=False, to='mail.mailmessage')),
                ('answer', models.TextField(blank=True, verbose_name="the mail server's answer")),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('state', models.CharField(choices=[('queued', 'Waiting to start'), ('running', 'Running'), ('done', 'Finished'), ('failed', 'Failed')], default='queued', max_length=10, verbose_name='state')),
                ('attempt', models.PositiveIntegerField(default=0, verbose_name='attempt')),
                ('token', models.PositiveIntegerField(default=0)),
                ('queued_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='queued')),
                ('enqueued_at', models.DateTimeField(blank=True, null=True, verbose_name='sent to the workers')),
                ('not_before', models.DateTimeField(blank=True, null=True)),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('progress', models.JSONField(blank=True, default=dict, verbose_name='progress')),
                ('failure', models.CharField(blank=True, max_length=20, verbose_name='failure')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('mail', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reading', serialize=False, to='mail.mailmessage')),
            ],
            options={
                'verbose_name': 'reading of a mail',
                'verbose_name_plural': 'readings of mails',
            },
        ),
        migrations.CreateModel(
            name='MailSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(default='案例号', max_length=40, verbose_name='label of the case number')),
                ('token_prefix', models.CharField(default='CMIT:', max_length=20, verbose_name='prefix of the mail token')),
                ('subject', models.CharField(default='[{label}: {number}] % {title} % {stage} {token}', max_length=200, validators=[mail.outbound.models.check_subject], verbose_name='subject')),
                ('opens_cases', models.BooleanField(default=True, help_text="A customer's proven mail that belongs to no case becomes a new one; else it is parked.", verbose_name='a mail opens a case')),
                ('most_an_hour', models.PositiveIntegerField(default=30, help_text='More are parked: two programs that answer each other stop here.', verbose_name='mails of one sender within an hour')),
                ('attach_up_to_mib', models.PositiveIntegerField(default=8, help_text='A larger report is sent as a link.', verbose_name='attach reports up to MiB')),
                ('signature', models.TextField(blank=True, max_length=2000, verbose_name='signature')),
            ],
            options={
                'verbose_name': 'mail settings',
                'verbose_name_plural': 'mail settings',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='mail_settings_once')],
            },
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['state', 'lease_until'], name='mail_delivery_open'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['state', 'lease_until'], name='mail_reading_open'),
        ),
        migrations.AddIndex(
            model_name='mailmessage',
            index=models.Index(fields=['message_id'], name='mail_message_id'),
        ),
        migrations.AddIndex(
            model_name='mailmessage',
            index=models.Index(fields=['direction', 'state', '-created_at'], name='mail_by_state'),
        ),
        migrations.AddIndex(
            model_name='mailmessage',
            index=models.Index(fields=['case', 'created_at'], name='mail_of_case'),
        ),
        migrations.AddIndex(
            model_name='mailmessage',
            index=models.Index(fields=['address', 'created_at'], name='mail_of_address'),
        ),
        migrations.AddConstraint(
            model_name='mailmessage',
            constraint=models.UniqueConstraint(condition=models.Q(('direction', 'in'), models.Q(('sha256', ''), _negated=True)), fields=('sha256',), name='mail_once'),
        ),
        migrations.AddConstraint(
            model_name='mailmessage',
            constraint=models.UniqueConstraint(condition=models.Q(('content_key', ''), _negated=True), fields=('content_key',), name='mail_content_once'),
        ),
    ]
