from django.db import migrations

KEPT = """
CREATE TRIGGER inboundmail_kept BEFORE DELETE ON uploads_inboundmail
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER inboundmail_not_emptied BEFORE TRUNCATE ON uploads_inboundmail
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER inboundmail_unchanged BEFORE UPDATE ON uploads_inboundmail FOR EACH ROW
    WHEN (OLD.done_at IS NOT NULL
        OR (NEW.id, NEW.digest, NEW.case_id, NEW.person_id, NEW.received_at) IS DISTINCT FROM
           (OLD.id, OLD.digest, OLD.case_id, OLD.person_id, OLD.received_at))
    EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER IF EXISTS inboundmail_kept ON uploads_inboundmail;
DROP TRIGGER IF EXISTS inboundmail_not_emptied ON uploads_inboundmail;
DROP TRIGGER IF EXISTS inboundmail_unchanged ON uploads_inboundmail;
"""


class Migration(migrations.Migration):
    """Which mail came, from whom, into which case, when; what became of its attachments, until it is done."""

    dependencies = [("mail", "0001_initial"), ("accounts", "0007_history_is_kept")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
