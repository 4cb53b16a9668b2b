from django.db import migrations

FREEZE = """
CREATE FUNCTION analysis_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'report % has been sent and can no longer be changed', OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER analysis_report_frozen BEFORE UPDATE ON analysis_report
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION analysis_report_is_frozen();
"""
THAW = """
DROP TRIGGER analysis_report_frozen ON analysis_report;
DROP FUNCTION analysis_report_is_frozen();
"""


class Migration(migrations.Migration):
    """Below the model: no query of any kind changes a report that the customer has."""

    dependencies = [("analysis", "0002_states_and_pdfs")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
