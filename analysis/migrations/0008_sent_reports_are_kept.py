from django.db import migrations

KEPT = """
CREATE TRIGGER report_kept BEFORE DELETE ON analysis_report
    FOR EACH ROW WHEN (OLD.state = 'sent') EXECUTE FUNCTION history_is_kept();
CREATE TRIGGER report_not_emptied BEFORE TRUNCATE ON analysis_report
    FOR EACH STATEMENT EXECUTE FUNCTION history_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER report_kept ON analysis_report;
DROP TRIGGER report_not_emptied ON analysis_report;
"""


class Migration(migrations.Migration):
    """A report that the customer has can neither be changed (0003) nor be deleted; a draft can."""

    dependencies = [("analysis", "0007_baseline_provenance"), ("accounts", "0007_history_is_kept")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
