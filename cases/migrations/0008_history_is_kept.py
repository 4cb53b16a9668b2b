from django.db import migrations

KEPT = """
CREATE TRIGGER caseevent_not_emptied BEFORE TRUNCATE ON cases_caseevent
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER message_kept BEFORE DELETE ON cases_message
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER message_not_emptied BEFORE TRUNCATE ON cases_message
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER caseevent_not_emptied ON cases_caseevent;
DROP TRIGGER message_kept ON cases_message;
DROP TRIGGER message_not_emptied ON cases_message;
"""


class Migration(migrations.Migration):
    """The thread loses no entry; neither it nor the events can be emptied as a whole."""

    dependencies = [("cases", "0007_evidence_kind_choices"), ("accounts", "0007_history_is_kept")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
