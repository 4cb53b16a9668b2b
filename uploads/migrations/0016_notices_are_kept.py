from django.db import migrations, models

KEPT = """
CREATE TRIGGER deletionnotice_kept BEFORE DELETE ON uploads_deletionnotice
    FOR EACH ROW EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER deletionnotice_not_emptied BEFORE TRUNCATE ON uploads_deletionnotice
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER deletionnotice_unchanged BEFORE UPDATE ON uploads_deletionnotice FOR EACH ROW
    WHEN ((NEW.id, NEW.case_id, NEW.closed_at, NEW.deletes_at, NEW.told_at)
            IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.closed_at, OLD.deletes_at, OLD.told_at)
        OR (OLD.mailed_at IS NOT NULL AND NEW.mailed_at IS DISTINCT FROM OLD.mailed_at)
        OR (OLD.recalled_at IS NOT NULL AND NEW.recalled_at IS DISTINCT FROM OLD.recalled_at))
    EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER deletionnotice_kept ON uploads_deletionnotice;
DROP TRIGGER deletionnotice_not_emptied ON uploads_deletionnotice;
DROP TRIGGER deletionnotice_unchanged ON uploads_deletionnotice;
"""
NO_RECALLED = "DELETE FROM uploads_deletionnotice WHERE recalled_at IS NOT NULL;"


class Migration(migrations.Migration):
    """What the customer was told stays. Where the end of a legal hold deleted the notice, it is recalled now;
    on the way back the recalled ones go, as they did."""

    dependencies = [("uploads", "0015_history_is_kept")]

    operations = [
        migrations.AddField(
            model_name="deletionnotice",
            name="recalled_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RemoveConstraint(model_name="deletionnotice", name="notice_once_a_closing"),
        migrations.RunSQL(migrations.RunSQL.noop, NO_RECALLED),
        migrations.AddConstraint(
            model_name="deletionnotice",
            constraint=models.UniqueConstraint(
                fields=("case", "closed_at"),
                name="notice_once_a_closing",
                condition=models.Q(("recalled_at", None)),
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
