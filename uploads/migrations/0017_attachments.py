import django.db.models.deletion
import uploads.attachments.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Files that belong to an entry of the thread; an access is to a bundle or to one of them."""

    dependencies = [
        ('cases', '0009_messages_are_frozen'),
        ('uploads', '0016_notices_are_kept'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='access',
            name='act',
            field=models.CharField(choices=[('download', 'downloaded the upload'), ('file', 'downloaded a file out of the upload'), ('evidence', 'opened a piece of evidence'), ('findings', 'read the findings'), ('report', 'read the report'), ('attachment', 'opened an attachment')], max_length=10, verbose_name='what'),
        ),
        migrations.AlterField(
            model_name='access',
            name='bundle',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='uploads.bundle'),
        ),
        migrations.CreateModel(
            name='MessageAttachment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('attached_at', models.DateTimeField(verbose_name='attached')),
                ('name', models.CharField(max_length=255, verbose_name='file name')),
                ('content_type', models.CharField(max_length=100, verbose_name='media type')),
                ('content_id', models.CharField(blank=True, max_length=250)),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('file', models.FileField(blank=True, max_length=300, upload_to=uploads.attachments.models.attachment_path, verbose_name='file')),
                ('scan_state', models.CharField(blank=True, choices=[('', 'not scanned'), ('waiting', 'waiting for the scan'), ('clean', 'nothing found'), ('infected', 'malware found'), ('refused', 'not scanned: the scanner refuses it')], default='', max_length=10, verbose_name='malware scan')),
                ('attached_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('consent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='uploads.consent')),
                ('deletion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='uploads.deletion')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='cases.message')),
            ],
            options={
                'verbose_name': 'attachment',
                'verbose_name_plural': 'attachments',
                'ordering': ('attached_at', 'pk'),
            },
        ),
        migrations.AddField(
            model_name='access',
            name='attachment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='uploads.messageattachment'),
        ),
        migrations.AddConstraint(
            model_name='access',
            constraint=models.CheckConstraint(condition=models.Q(('bundle', None), ('attachment', None), _connector='XOR'), name='access_to_one_thing'),
        ),
    ]
