from django.db import migrations, models

AS_THE_CONTACT = """
UPDATE mail_casecc cc SET language = contact.language
FROM cases_case k JOIN accounts_user contact ON contact.id = k.contact_id WHERE k.id = cc.case_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """Whoever is on a Cc list already keeps the language that she has been written in: the contact's."""

    dependencies = [("mail", "0013_choices_about_lost_mails")]

    operations = [
        migrations.AddField(
            model_name="casecc",
            name="language",
            field=models.CharField(default="zh-hans", max_length=10, verbose_name="language"),
        ),
        migrations.RunSQL(AS_THE_CONTACT, migrations.RunSQL.noop),
    ]
