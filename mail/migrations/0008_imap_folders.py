from django.db import migrations, models


class Migration(migrations.Migration):
    """How far a folder of a mailbox has been fetched."""

    dependencies = [
        ('mail', '0007_imported_threads'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImapFolder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=1000, unique=True)),
                ('uidvalidity', models.PositiveBigIntegerField()),
                ('last_uid', models.PositiveBigIntegerField(default=0)),
                ('since', models.DateTimeField(auto_now_add=True)),
                ('looked_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'mailbox folder',
                'verbose_name_plural': 'mailbox folders',
            },
        ),
    ]
