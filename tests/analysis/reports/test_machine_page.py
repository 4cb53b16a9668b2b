"""The facts of the machine on the page, and in the PDF of a report."""

import io

import pypdf
from django.template.loader import render_to_string
from msgspec import structs

from analysis.reports import pdf
from analysis.reports.content import content_of
from analysis.reports.models import Report
from analysis.reports.page import page_of
from engine.schema.machine import FactEntry, MachineEntry
from engine.text import text

HOSTILE = "<b>PC</b> #panic() \u202e"


def facts() -> MachineEntry:
    name = text("电脑名称", "Computer")
    return MachineEntry(
        artifact="systeminfo.txt",
        artifact_sha256="0" * 64,
        kind="systeminfo",
        facts=[
            FactEntry(key="computer", name=name, value="PC-01", line=2, about=""),
            FactEntry(key="computer", name=name, value=HOSTILE, line=1_000, about="Licence.exe"),
        ],
        left_out=3,
    )


def test_each_fact_stands_with_its_line_on_the_page_and_in_the_pdf(draft: Report) -> None:
    page = page_of(structs.replace(content_of(draft), machine=[facts()]), "en")

    (entry,) = page["machine"]
    assert (entry["artifact"], entry["kind"]) == ("systeminfo.txt", "system information (systeminfo)")
    assert [(fact["name"], fact["line"]) for fact in entry["facts"]] == [
        ("Computer", "line 2"),
        ("Computer", "line 1,000"),
    ]
    assert "3" in entry["more"]
    shown = render_to_string("analysis/reports/machine.html", {"page": page})
    assert "PC-01" in shown and "&lt;b&gt;PC&lt;/b&gt;" in shown and "\u202e" not in shown
    written = "".join(leaf.extract_text() for leaf in pypdf.PdfReader(io.BytesIO(pdf.render(page))).pages)
    assert "The machine" in written and "PC-01" in written and "#panic()" in written
