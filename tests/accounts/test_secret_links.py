"""What opens a link in somebody's name stands in no text that others read, however it came there."""

import time

import pytest

from accounts.secret_links import without_secrets

ANSWER = "WyJyZXN1bHQiLDEsNSwxNjA2NDY0XQ:1xXjaS:LISW_KZtkraeAgfUL09l-EP3DxjK"
UPLOAD = "mail-6R2xA_bq7-kQw81LmZ"
PORTAL = "https://portal.example"
MAX_SECONDS = 3.0


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"> {PORTAL}/answer/{ANSWER}/", f"> {PORTAL}/answer/…/"),
        (f"{PORTAL}/desk/mail/unsubscribe/{ANSWER}/.", f"{PORTAL}/desk/mail/unsubscribe/…/."),
        (f"点击{PORTAL}/uploads/link/{UPLOAD}上传", f"点击{PORTAL}/uploads/link/…上传"),
        (
            f"{PORTAL}/accounts/password/reset/key/1-cd3e4f-0a1b2c/",
            f"{PORTAL}/accounts/password/reset/key/…/",
        ),
        (f"{PORTAL}/answer/.eJyLVipKLS7JTMpJVbIy:1xXjaS:LISW/", f"{PORTAL}/answer/…/"),
        # Outlook's SafeLinks, one put into another, and one in small letters.
        (
            "https://x.safelinks.example/?url=https%3A%2F%2Fportal.example%2Fanswer%2F"
            "WyJyZXN1bHQiLDEsNSwxNjA2NDY0XQ%3A1xXjaS%3ALISW_KZtkraeAgfUL09l-EP3DxjK%2F&data=05%7C02",
            "https://x.safelinks.example/?url=https%3A%2F%2Fportal.example%2Fanswer%2F…%2F&data=05%7C02",
        ),
        (
            "https://x.example/?u=https%253a%252f%252fportal.example%252fanswer%252f"
            "WyJyZXN1bHQiLDEsNSwxNjA2NDY0XQ%253a1xXjaS%253aLISW_KZtkraeAgfUL09l-EP3DxjK%252f&x=1",
            "https://x.example/?u=https%253a%252f%252fportal.example%252fanswer%252f…%252f&x=1",
        ),
        (
            "https://x.example/?url=https%3A%2F%2Fportal.example%2Fuploads%2Flink%2Fmail-6R2xA_bq7-kQw81LmZ&x=1",
            "https://x.example/?url=https%3A%2F%2Fportal.example%2Fuploads%2Flink%2F…&x=1",
        ),
        # Proofpoint's second and third version.
        (
            "https://urldefense.example/v2/url?u=https-3A__portal.example_answer_"
            "WyJyZXN1bHQiLDEsNSwxNjA2NDY0XQ-3A1xXjaS-3ALISW-5FKZtkraeAgfUL09l-2DEP3DxjK_&d=DwMFaQ",
            "https://urldefense.example/v2/url?u=https-3A__portal.example_answer_…&d=DwMFaQ",
        ),
        (
            "u=https-3A__portal.example_uploads_link_mail-2D6R2xA-5Fbq7-2DkQw81LmZ&d=DwMFaQ",
            "u=https-3A__portal.example_uploads_link_…&d=DwMFaQ",
        ),
        (
            f"https://urldefense.example/v3/__{PORTAL}/answer/{ANSWER}/__;!!Ab3$",
            f"https://urldefense.example/v3/__{PORTAL}/answer/…/__;!!Ab3$",
        ),
        # Sophos: "https://portal.example/uploads/link/mail-6R2xA_bq7" in Base64.
        (
            "https://x.sophos.example?d=portal.example&u=aHR0cHM6Ly9wb3J0YWwuZXhhbXBsZS91cGxvYWRzL2xpbmsvbWFpb"
            "C02UjJ4QV9icTc=&p=m",
            "https://x.sophos.example?d=portal.example&u=…=&p=m",
        ),
        # A line that a mail program has broken.
        (
            f"> {PORTAL}/answer/WyJyZXN1bHQiLDEsNSwx\n> NjA2NDY0XQ:1xXjaS:LISW\r\n>> _KZtkraeAgf/\n> Regards",
            f"> {PORTAL}/answer/…/\n> Regards",
        ),
        (f"{PORTAL}/answer/{ANSWER}\n{PORTAL}/cases/", f"{PORTAL}/answer/…\n{PORTAL}/cases/"),
        (f"{PORTAL}/uploads/link/{UPLOAD}\nlogs/", f"{PORTAL}/uploads/link/…\nlogs/"),
        ("x%2Fuploads%2Flink%2Fmail%2D6R2xA%5Fbq7&x", "x%2Fuploads%2Flink%2F…&x"),
    ],
)
def test_what_opens_a_link_is_cut_out(text: str, kept: str) -> None:
    assert without_secrets(text) == kept
    assert without_secrets(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        "https://forum.example/question/19550225/answer/12202130",
        "C:\\logs\\my_answer_to_everything_is_long_enough.txt",
        # Made by a colleague on the portal's page, to be sent by himself.
        f"{PORTAL}/uploads/link/uQ9cN3v_0Zr5T-aB",
        # What the outbox calls them opens nothing.
        f"{PORTAL}/answer/appointment.5.1606464000000/",
        f"{PORTAL}/uploads/link/0f8fad5b-d9cb-469f-a165-70867728950e",
        "aHR0cHM6Ly93d3cuZXhhbXBsZS5jb20vYW5zd2Vy",
        f"{PORTAL}/answer/",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    "part",
    [
        *("/answer/", "_", "-2525", "%252525", "/answer/Wy", "aHR0c", "/answer/Wyabcdefgh\n", "\n> abcdefgh"),
        "/mail/unsubscribe/Wy" + "a" * 1990 + "\n",
    ],
)
def test_hostile_text_takes_no_longer_than_another(part: str) -> None:
    text = part * (2_000_000 // len(part))
    began = time.process_time()
    without_secrets(text)
    assert time.process_time() - began < MAX_SECONDS
