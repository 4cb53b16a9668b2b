"""Folders and accounts that stand in the sentences of a record."""

import json

import pytest

from engine.index.derived import derived


def told(name: str, text: str) -> str | None:
    return derived(name, json.dumps({"Data": {"#text": text}}))


@pytest.mark.parametrize(
    ("text", "folder", "account"),
    [
        (
            r"User CORP\lin has reached the quota threshold for the quota on D:\Home\lin on server FS1. "
            "The quota threshold is 85%.",
            r"D:\Home\lin",
            r"CORP\lin",
        ),
        (r"用户 CORP\lin 已达到服务器 FS1 上 D:\Home\lin 的配额阈值。", r"D:\Home\lin", r"CORP\lin"),
        (
            r"User CORP\lin attempted to save E:\Data\film.mp4 to E:\Data on the FS1 server. This file is",
            r"E:\Data",
            r"CORP\lin",
        ),
        (r"LoadProfile failed. Version: 2.9.8884.27471 User: lin. SID: S-1-5-21-1", None, "lin"),
        (r"Failed to open virtual disk: \\FS1\profiles\x\Profile_lin.VHDX 0x00000020", None, "lin"),
        ("The service started.", None, None),
    ],
)
def test_a_sentence_names_its_folder_and_account(text: str, folder: str | None, account: str | None) -> None:
    assert (told("folder", text), told("account", text)) == (folder, account)


def test_hostile_text_takes_no_long_time() -> None:
    assert told("folder", "C:\\" + "a on " * 100_000) is not None
