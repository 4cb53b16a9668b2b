"""No empty box in a PDF: each character is drawn, or written out as its code point."""

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.utils.translation import override
from msgspec import structs
from pypdf.generic import ContentStream

from analysis.reports import pdf
from analysis.reports.glyphs import clusters, drawn_by
from analysis.reports.page import page_of
from engine.text import text
from tests.analysis.reports.test_summary import content

OWN = Path(settings.FONTS_DIR) / pdf.FACES[0]
SHIPPED = tuple(folder for folder in settings.FALLBACK_FONTS if "node_modules" in folder.parts)

DRAWN = {
    "汉字与 Latin": [],
    "Tiếng Việt, Ωμέγα, Привет": ["Noto Sans"],
    "مرحبا بالعالم": ["Noto Naskh Arabic"],
    "می‌خواهم": ["Noto Naskh Arabic"],
    "שלום": ["Noto Sans Hebrew"],
    "नमस्ते क्षत्रिय": ["Noto Sans"],
    "สวัสดีครับ น้ำ": ["Noto Sans Thai"],
    "😀 👍🏽 ❤️ 👨‍👩‍👧 🇨🇳 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿": ["Noto Emoji"],
    "a\u2003b": [],
}
WRITTEN_OUT = {
    "안녕": "[U+C548][U+B155]",
    "𠀀野家": "[U+20000]野家",
    "தி": "[U+0BA4][U+0BBF]",
    "x\u0653": "x[U+0653]",
    "\ue000": "[U+E000]",
    "\U000e0fff": "[U+E0FFF]",
    "a\u2066b\u2069": "ab",
    "a\u1680b": "a b",
}


def glyphs(made: bytes) -> list[bytes]:
    """The number of each glyph that is drawn, two bytes; 0 is the empty box."""
    reader = pypdf.PdfReader(io.BytesIO(made))
    drawn: list[bytes] = []
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            words: list[Any] = {b"Tj": operands[:1], b"TJ": operands[0] if operands else []}.get(operator, [])
            for word in words:
                if not isinstance(word, int | float):
                    raw = word.original_bytes
                    drawn += [raw[at : at + 2] for at in range(0, len(raw), 2)]
    return drawn


@pytest.mark.parametrize(("text", "families"), DRAWN.items())
def test_text_of_many_scripts_is_drawn_by_a_face_of_its_script(text: str, families: list[str]) -> None:
    assert drawn_by(OWN, SHIPPED, text) == (text, families)


@pytest.mark.parametrize(("text", "written"), WRITTEN_OUT.items())
def test_what_no_face_draws_is_written_out(text: str, written: str) -> None:
    assert drawn_by(OWN, SHIPPED, [{"a": text}, 1, None]) == ([{"a": written}, 1, None], [])


def test_without_fallbacks_everything_foreign_is_written_out(tmp_path: Path) -> None:
    assert drawn_by(OWN, (tmp_path / "none",), "กx") == ("[U+0E01]x", [])


def test_what_one_face_has_to_draw_stays_together() -> None:
    assert list(clusters("ae\u0301👍🏽🇨🇳🇩🇪")) == ["a", "e\u0301", "👍🏽", "🇨🇳", "🇩🇪"]


def test_joined_letters_and_emoji_of_peoples_own_texts_stay_joined() -> None:
    joined = "👨‍👩‍👧 می‌خواهم"
    draft = content()
    draft = structs.replace(
        draft,
        case=structs.replace(draft.case, title=f"{joined}\u202e", organisation=joined),
        engineer=joined,
        conclusion=text(joined, joined),
        advice=text(f"1. {joined}", f"1. {joined}"),
    )
    page = page_of(draft, "en")
    assert page["case_title"] == page["summary"]["lead"] == page["summary"]["steps"][0] == joined
    assert [value for _name, value in page["meta"]].count(joined) == 2


def test_no_pdf_holds_an_empty_box() -> None:
    with override("en"):
        page = page_of(content(), "en")
    page["case_title"] = "\n".join([*DRAWN, *WRITTEN_OUT])
    made = pdf.render(page)
    assert b"\0\0" not in glyphs(made)
    drawn = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text()
    for part in ("Ωμέγα", "नम", "ส", "😀", "[U+E000]"):
        assert part in drawn, part
    # The same page with typst's own choice of faces has boxes: the count above can fail.
    unprepared = pdf._compiler((OWN.parent,)).compile(
        input=pdf.TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"page": json.dumps(page, ensure_ascii=False), "fallbacks": "[]"},
    )
    assert isinstance(unprepared, bytes) and b"\0\0" in glyphs(unprepared)
