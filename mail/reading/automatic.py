"""Whether a mail says that no person wrote it."""

from email.message import Message

from mail.reading.headers import field


def automatic(message: Message) -> str:
    """By which field it says so; else empty."""
    submitted = field(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return "Auto-Submitted"
    if "List-Id" in message:
        return "List-Id"
    if field(message, "Precedence").strip().lower() in {"bulk", "list", "junk"}:
        return "Precedence"
    path = field(message, "Return-Path").strip().lower()
    # Postfix writes the null sender so, unless it is told otherwise.
    return "Return-Path" if path == "<>" or path.startswith("<mailer-daemon") else ""
