"""The sequence of case numbers, and the trigger that keeps the history from being changed."""

from django.db import migrations

SEQUENCE = "CREATE SEQUENCE cases_case_number_seq AS bigint MINVALUE 1"

HISTORY = """
CREATE FUNCTION cases_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Case events are never changed or deleted.';
END
$$;
CREATE TRIGGER cases_keep_history BEFORE UPDATE OR DELETE ON cases_caseevent
    FOR EACH ROW EXECUTE FUNCTION cases_keep_history();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCE, "DROP SEQUENCE cases_case_number_seq"),
        migrations.RunSQL(
            HISTORY,
            "DROP TRIGGER cases_keep_history ON cases_caseevent; DROP FUNCTION cases_keep_history()",
        ),
    ]
