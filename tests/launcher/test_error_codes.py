"""The complete lists of error codes: what is read of the packages, and that they are here."""

import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.core.checks import Warning

from analysis.apps import error_codes_are_complete
from engine.messages.codes import tables
from engine.messages.labels import labelled
from launcher import error_codes
from launcher.halt import Halt
from launcher.pip import index


def archive(**modules: str) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as tar:
        for name, source in modules.items():
            member = tarfile.TarInfo(f"impacket-9/impacket/{name}.py")
            member.size = len(source.encode())
            tar.addfile(member, io.BytesIO(source.encode()))
    return content.getvalue()


def test_the_sentences_are_read_and_the_module_is_not_run() -> None:
    source = """raise SystemExit
ERROR_MESSAGES = {
    0x5: ("ERROR_ACCESS_DENIED", "Access\\r\\n is denied."),
    -2147024891: ("E_ACCESSDENIED", ""),
}
"""
    read = dict(error_codes.sentences(archive(system_errors=source, secretsdump="raise SystemExit")))
    assert read == {
        "win32": {5: ("ERROR_ACCESS_DENIED", "Access is denied"), 0x80070005: ("E_ACCESSDENIED", "")}
    }


def test_a_package_without_its_table_stops_the_set_up() -> None:
    with pytest.raises(Halt, match="nt_errors"):
        list(error_codes.sentences(archive(nt_errors="x = 1")))


def test_a_name_that_two_components_share_a_number_for_is_none() -> None:
    source = (
        "WU_E_NO_UPDATE: win32more.Windows.Win32.Foundation.HRESULT = -2145124316\r\n"
        "VSS_E_ONE: win32more.Windows.Win32.Foundation.HRESULT = -2147212543\r\n"
        "VFW_E_OTHER: win32more.Windows.Win32.Foundation.HRESULT = -2147212543\r\n"
        "STATUS_ODD: win32more.Windows.Win32.Foundation.NTSTATUS = -1073741790\r\n"
        "WSAETIMEDOUT: win32more.Windows.Win32.Networking.WinSock.WSA_ERROR = 10060\r\n"
        "MAX_PATH: UInt32 = 260\r\n"
    )
    wheel = io.BytesIO()
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("win32more/Windows/__init__.py", source)
    assert error_codes.names(wheel.getvalue()) == {
        "win32": {10060: ("WSAETIMEDOUT", "")},
        "ntstatus": {0xC0000022: ("STATUS_ODD", "")},
        "hresult": {0x80240024: ("WU_E_NO_UPDATE", "")},
    }


def test_what_is_fetched_is_pinned_by_version_and_hash() -> None:
    pins = error_codes.pins()
    assert set(pins) == {error_codes.SENTENCES, error_codes.NAMES}
    assert all(hashes for _version, hashes in pins.values())


def test_an_index_that_has_them_not_stops_the_tests_and_not_the_portal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(*_: object) -> bytes:
        raise Halt("The index does not list it.")

    monkeypatch.setattr(error_codes, "BUILT", tmp_path / "built")
    monkeypatch.setattr(index, "fetch", nothing)
    with pytest.raises(Halt):
        error_codes.prepare(needed=True)
    error_codes.prepare(needed=False)
    assert "The portal does without" in capsys.readouterr().err


def test_the_complete_lists_are_built_here() -> None:
    assert tables.missing() == [], "run `make setup-tests`"
    sizes = {
        family: len(json.loads((error_codes.BUILT / f"{family}.json").read_bytes()))
        for family in tables.BUILT_FAMILIES
    }
    assert sizes["win32"] > 2_500 and sizes["ntstatus"] > 1_700 and sizes["hresult"] > 2_900
    assert error_codes_are_complete() == []


def test_a_sentence_that_is_not_ours_is_quoted_and_marked_as_english() -> None:
    assert labelled("0xC0190001", "ntstatus", "en").startswith("0xC0190001 (“The function attempted")
    assert labelled("0xC0190001", "ntstatus", "zh-hans").endswith("”（英文原文，0xC0190001）")


def test_a_portal_without_the_lists_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BUILT", Path("/nowhere"))
    (warning,) = error_codes_are_complete()
    assert isinstance(warning, Warning) and "win32, ntstatus, hresult" in warning.msg


def test_a_list_that_is_cut_off_is_none_and_no_fault_of_an_analysis(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "BUILT", tmp_path)
    (tmp_path / "win32.json").write_text('{"3221225473": ["A", "b"')
    (tmp_path / "hresult.json").mkdir()
    (tmp_path / "ntstatus.json").write_text('{"3221225473": ["STATUS_X"]}')
    assert tables.missing() == ["win32", "ntstatus", "hresult"]
    assert tables.meaning("ntstatus", 0xC0190001) is None
