from django.db import migrations

COPY = """
INSERT INTO mail_mailmessage (
    id, direction, state, reason, detail, created_at, done_at, address, name, person_id, proof, subject,
    message_id, "references", preview, case_id, matched_by, source, sha256, size, content_key, way, envelope,
    attachments, kind, facts)
SELECT gen_random_uuid(), 'in', 'taken', '', '', old.received_at, old.done_at, person.email, '', person.id, '', '',
    '', '{}', '', old.case_id, '', '', '', 0, old.digest, 'pipe', '{}', old.attachments, '', '{}'
FROM uploads_inboundmail old JOIN accounts_user person ON person.id = old.person_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""
KEPT = """
CREATE TRIGGER mailmessage_kept BEFORE DELETE ON mail_mailmessage
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER mailmessage_not_emptied BEFORE TRUNCATE ON mail_mailmessage
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER mailmessage_unchanged BEFORE UPDATE ON mail_mailmessage FOR EACH ROW
    WHEN ((NEW.id, NEW.direction, NEW.created_at) IS DISTINCT FROM (OLD.id, OLD.direction, OLD.created_at)
        OR (OLD.sha256 <> '' AND (NEW.sha256, NEW.size) IS DISTINCT FROM (OLD.sha256, OLD.size))
        OR (OLD.content_key <> '' AND NEW.content_key IS DISTINCT FROM OLD.content_key)
        OR (OLD.source <> '' AND NEW.source NOT IN ('', OLD.source)))
    EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER mailmessage_kept ON mail_mailmessage;
DROP TRIGGER mailmessage_not_emptied ON mail_mailmessage;
DROP TRIGGER mailmessage_unchanged ON mail_mailmessage;
"""


class Migration(migrations.Migration):
    """Takes the mails of earlier versions over; the bytes of a mail, once stored, are never others."""

    dependencies = [("mail", "0003_mail_messages"), ("accounts", "0007_history_is_kept")]

    operations = [
        migrations.RunSQL(COPY, migrations.RunSQL.noop),
        migrations.DeleteModel(name="InboundMail"),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
