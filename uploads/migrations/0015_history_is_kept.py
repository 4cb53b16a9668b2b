from django.db import migrations

TABLES = ("consent", "legalhold", "deletion")
EMPTIED_NOT = (*TABLES, "access", "statement")
KEPT = """
CREATE TRIGGER {0}_kept BEFORE DELETE ON uploads_{0} FOR EACH ROW EXECUTE FUNCTION history_is_kept();
"""
NOT_EMPTIED = """
CREATE TRIGGER {0}_not_emptied BEFORE TRUNCATE ON uploads_{0}
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
"""
UNCHANGED = """
CREATE TRIGGER consent_unchanged BEFORE UPDATE ON uploads_consent FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NOT NULL
        OR (NEW.user_id, NEW.link_id, NEW.case_id, NEW.version, NEW.language, NEW.agreed_at) IS DISTINCT FROM
           (OLD.user_id, OLD.link_id, OLD.case_id, OLD.version, OLD.language, OLD.agreed_at))
    EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER legalhold_unchanged BEFORE UPDATE ON uploads_legalhold FOR EACH ROW
    WHEN (OLD.lifted_at IS NOT NULL
        OR (NEW.case_id, NEW.reason, NEW.placed_by_id, NEW.placed_at) IS DISTINCT FROM
           (OLD.case_id, OLD.reason, OLD.placed_by_id, OLD.placed_at))
    EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER deletion_unchanged BEFORE UPDATE ON uploads_deletion FOR EACH ROW
    WHEN (OLD.finished_at IS NOT NULL
        OR (NEW.case_id, NEW.rule, NEW.days, NEW.begun_at) IS DISTINCT FROM
           (OLD.case_id, OLD.rule, OLD.days, OLD.begun_at))
    EXECUTE FUNCTION history_is_kept();
"""
FORWARDS = (
    "".join(KEPT.format(table) for table in TABLES)
    + "".join(NOT_EMPTIED.format(table) for table in EMPTIED_NOT)
    + UNCHANGED
)
BACKWARDS = "".join(
    f"DROP TRIGGER {table}_{kind} ON uploads_{table};\n"
    for kind, tables in (("kept", TABLES), ("not_emptied", EMPTIED_NOT), ("unchanged", TABLES))
    for table in tables
)


class Migration(migrations.Migration):
    """Agreements, legal holds and deletions are written once and ended once: withdrawn, lifted, finished."""

    dependencies = [("uploads", "0014_check_and_scan_jobs"), ("accounts", "0007_history_is_kept")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
