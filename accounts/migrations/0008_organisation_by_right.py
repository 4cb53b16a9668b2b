"""The rule on organisations asks for the right, which more than one role may have."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_history_is_kept")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_customer_has_organisation"),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("organisation__isnull", False), ("role__in", ["customer"])),
                    models.Q(
                        models.Q(("role__in", ["customer"]), _negated=True), ("organisation__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="user_customer_has_organisation",
            ),
        ),
    ]
