import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_moved_entries'),
        ('mail', '0005_webhooks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='mailmessage',
            name='named_case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case'),
        ),
        migrations.CreateModel(
            name='MailDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('choice', models.CharField(choices=[('case', 'Into a case'), ('new_case', 'A new case'), ('set_aside', 'Set aside'), ('read_again', 'Read again')], max_length=10, verbose_name='decision')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('state', models.CharField(max_length=10)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('former_case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='mail.mailmessage')),
                ('move', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.entrymove')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision about a mail',
                'verbose_name_plural': 'decisions about mails',
                'ordering': ('-at', '-pk'),
            },
        ),
    ]
