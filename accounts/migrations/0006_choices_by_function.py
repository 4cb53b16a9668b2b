from django.db import migrations, models

import accounts.roles


class Migration(migrations.Migration):
    """Changes nothing in the database; from now on a new role needs no migration."""

    dependencies = [("accounts", "0005_quota")]

    operations = [
        migrations.AlterField(
            model_name="user",
            name="role",
            field=models.CharField(
                choices=accounts.roles.role_choices, default="customer", max_length=20, verbose_name="role"
            ),
        ),
    ]
