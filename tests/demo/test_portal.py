"""On a portal with a worker the demo's earlier case is analysed as a customer's would be."""

from typing import TYPE_CHECKING

from demo.other_cases import EARLIER
from tests.processes import wait_until

if TYPE_CHECKING:
    from tests.processes import Portal

DRAFTS = (
    "SELECT count(*) FROM analysis_report r JOIN cases_case c ON c.id = r.case_id "
    f"WHERE c.number = '{EARLIER}' AND r.state = 'draft' AND c.status = 'in_progress'"
)
RULES = (
    "SELECT DISTINCT f.rule FROM analysis_finding f JOIN analysis_analysisrun r ON r.id = f.run_id "
    "JOIN uploads_bundle b ON b.id = r.bundle_id JOIN cases_case c ON c.id = b.case_id "
    f"WHERE c.number = '{EARLIER}' ORDER BY 1"
)


def test_the_earlier_case_ends_with_a_draft_for_the_engineer(demo_portal: "Portal") -> None:
    wait_until(lambda: demo_portal.sql(DRAFTS).strip() == "1", message="no draft came")
    rules = demo_portal.sql(RULES).split()
    assert {"file-tampered", "hash-transcription-slip"} <= set(rules)


def test_loading_the_demo_again_adds_nothing(demo_portal: "Portal") -> None:
    count = "SELECT (SELECT count(*) FROM cases_message), (SELECT count(*) FROM uploads_bundle)"
    wait_until(lambda: demo_portal.sql(DRAFTS).strip() == "1")
    before = demo_portal.sql(count)
    output = demo_portal.manage("load_demo")
    assert demo_portal.sql(count) == before
    assert output.strip().endswith("日志_CAS-03282.zip")
