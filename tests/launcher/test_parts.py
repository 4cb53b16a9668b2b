"""Which processes a portal has, by its settings."""

from launcher.parts import mail_parts
from tests.processes import PYTHON


def test_mail_is_fetched_and_served_where_the_settings_say_so() -> None:
    assert mail_parts(PYTHON, {"IMAP_HOST": "", "PORT": "8000"}) == []
    both = mail_parts(PYTHON, {"IMAP_HOST": "imap.vendor.example", "MAIL_LISTEN": "127.0.0.1:8024"})
    assert [part.name for part in both] == ["fetch-mail", "serve-mail"]
    assert [part.command[2] for part in both] == ["fetch_mail", "serve_mail"]
