"""Instances of one thing are one finding; different things, however alike their names, are two."""

import pytest

from engine.rules.instances import kind_of

EDGE = "microsoft.microsoftedge_42.17134.1.0_neutral__8wekyb3d8bbwe!contentprocess#"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            f"{EDGE}{{00031406-0001-0000-3fb2-ac0400000000}}",
            f"{EDGE}{{00031408-0001-0000-3fb2-ac0400000000}}",
        ),
        ("app_1.2.300.0_x64__8wekyb3d8bbwe!app", "app_1.2.301.0_x64__8wekyb3d8bbwe!app"),
        ("vendor.app!server1", "vendor.app!server23"),
        ("googleupdaterservice125.0.6422.0", "googleupdaterservice131.0.6776.0"),
        (r"c:\edge\application\124.0.2478.97\msedge.exe", r"c:\edge\application\125.0.2535.51\msedge.exe"),
        ("example kit 6.20.2147.500", "example kit 7.60.6089.501"),
    ],
)
def test_a_number_of_the_process_and_a_version_tell_nothing_apart(one: str, other: str) -> None:
    assert kind_of(one) == kind_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{9ba05972-f6a8-11cf-a442-00a0c90a8f39}", "{9e175b68-f52a-11d8-b9a5-505054503030}"),
        (r"\device\harddisk0\dr0", r"\device\harddisk1\dr1"),
        (r"\device\raidport0", r"\device\raidport1"),
        ("192.0.2.7", "192.0.2.8"),
        (r"\\192.0.2.7\share", r"\\192.0.2.8\share"),
        ("mssqlsvc/192.0.2.7:1433", "mssqlsvc/192.0.2.8:1433"),
        ("1.2.0.192.in-addr.arpa", "2.2.0.192.in-addr.arpa"),
        ("user1", "user2"),
        ("corp!user", "corp!clerk"),
        ("0x80070005", "0x80070643"),
        ("kb5035845", "kb5035846"),
        ("onesyncsvc_3ab2c", "onesyncsvc_51f00"),
    ],
)
def test_addresses_disks_codes_and_people_are_not_instances(one: str, other: str) -> None:
    assert kind_of(one) != kind_of(other)


def test_the_copies_that_signed_in_users_have_of_a_service_are_one() -> None:
    assert kind_of("onesyncsvc_3ab2c", service=True) == kind_of("onesyncsvc_51f00", service=True)
    assert kind_of("svc_backup", service=True) == "svc_backup"
