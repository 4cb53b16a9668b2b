"""The collector as the customer gets it: a zip with script, starter and privacy statement."""

import io
import re
import zipfile

from uploads.collector import script
from uploads.collector.options import Options
from uploads.custody.models import Statement
from uploads.custody.privacy import LANGUAGES, statement_in_force


def collector_zip(options: Options, *, case: str, portal: str, secret: str) -> bytes:
    """The zip's bytes. The script is UTF-8 with a BOM, without which PowerShell 5.1 reads it in the
    system's code page; the starter is ASCII, which every code page reads alike."""
    statement = statement_in_force()
    ps1 = script.collect_ps1(options, case=case, portal=portal, secret=secret, privacy=statement.version)
    files = {
        "collect.cmd": _crlf(script.template("collect.cmd")).encode("ascii"),
        "collect.ps1": _crlf(ps1).encode("utf-8-sig"),
        "PRIVACY.txt": _crlf(_privacy(statement)).encode("utf-8-sig"),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{case}-collector/{name}", content)
    return out.getvalue()


def _crlf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _privacy(statement: Statement) -> str:
    # Markdown reads well as it is, but for the marks of its headings.
    texts = [re.sub(r"(?m)^#+ ", "", statement.text(language)).strip() for language in LANGUAGES]
    return "\n\n----\n\n".join(texts) + "\n"
