from django.db import migrations

FROZEN = """
CREATE TRIGGER message_unchanged BEFORE UPDATE ON cases_message FOR EACH ROW
    WHEN (NOT (OLD.kind = 'report' AND OLD.internal AND NEW.id = OLD.id AND NEW.case_id = OLD.case_id
        AND ((NEW.kind = 'report' AND NOT NEW.internal AND NEW.author_id IS NOT NULL AND NEW.body = OLD.body)
          OR (NEW.kind = 'system' AND NEW.internal AND NEW.author_id IS NOT DISTINCT FROM OLD.author_id
              AND NEW.created_at = OLD.created_at))))
    EXECUTE FUNCTION history_is_kept();
"""
NOT_FROZEN = "DROP TRIGGER message_unchanged ON cases_message;"


class Migration(migrations.Migration):
    """An entry of the thread is never rewritten. The entry of a draft report ends once: the report is sent
    (visible, its sender's, of that moment) or discarded (an internal line of the system that says so)."""

    dependencies = [("cases", "0008_history_is_kept")]

    operations = [migrations.RunSQL(FROZEN, NOT_FROZEN)]
