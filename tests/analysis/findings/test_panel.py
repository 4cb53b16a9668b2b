"""The findings panel of the desk: what is information stands folded behind what is not."""

from typing import Any

from django.utils.translation import override

from analysis.findings.panel import _groups


def finding(rule: str, severity: str) -> dict[str, Any]:
    return {"rule": rule, "severity": severity}


def test_information_at_the_end_is_one_fold_that_says_how_much_it_holds() -> None:
    told = [finding("bugcheck", "high"), finding("slow-boot", "info"), finding("update-failed", "medium")]
    background = [finding("service-installed", "info"), finding("restart-requested", "info")]
    with override("zh-hans"):
        *groups, last = _groups([*told, *background])
    assert [group["shown"] for group in groups] == [[each] for each in told]
    assert (last["shown"], last["folded"], last["say"]) == ([], background, "另有 2 项仅供参考")


def test_where_there_is_nothing_but_information_it_stands_open() -> None:
    only = [finding("service-installed", "info"), finding("restart-requested", "info")]
    assert [group["shown"] for group in _groups(only)] == [[each] for each in only]
