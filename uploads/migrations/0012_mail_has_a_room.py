"""Gives the table of mails received to ``mail``; the database itself does not change."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("uploads", "0011_inbound_mail"), ("mail", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="InboundMail")]),
    ]
