"""What every table of history is kept by, and API tokens as the first of them.

``history_is_kept()`` refuses the statement of its trigger. ``anjuan.may_truncate`` lets TRUNCATE pass, for
the database of the tests, which is emptied between them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('anjuan.may_truncate', true), '') = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'History is kept: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER apitoken_kept BEFORE DELETE ON accounts_apitoken
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER apitoken_not_emptied BEFORE TRUNCATE ON accounts_apitoken
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER apitoken_unchanged BEFORE UPDATE ON accounts_apitoken FOR EACH ROW
    WHEN ((NEW.user_id, NEW.digest, NEW.hint, NEW.made_at)
            IS DISTINCT FROM (OLD.user_id, OLD.digest, OLD.hint, OLD.made_at)
        OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at)
        OR (OLD.first_used_at IS NOT NULL AND NEW.first_used_at IS DISTINCT FROM OLD.first_used_at))
    EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER apitoken_kept ON accounts_apitoken;
DROP TRIGGER apitoken_not_emptied ON accounts_apitoken;
DROP TRIGGER apitoken_unchanged ON accounts_apitoken;
DROP FUNCTION history_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_choices_by_function")]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="api_tokens",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
