"""Reports as PDF, by typst: the report's JSON is its data and never becomes markup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from analysis.reports.errors import PdfUnavailable
from analysis.reports.glyphs import drawn_by

TEMPLATE = Path(__file__).with_name("report.typ")
FACES = ("NotoSansHans-Regular.otf", "NotoSansHans-Bold.otf")
# A fixed creation time: the same content makes the same bytes.
TIMESTAMP = datetime(2020, 1, 1, tzinfo=UTC)


def render(page: Mapping[str, Any]) -> bytes:
    """The PDF of ``reports.page.page_of``. What no face can draw is written out (``reports.glyphs``).

    Raises ``PdfUnavailable`` where the fonts are missing or typst refuses the page.
    """
    folders = (_fonts(), *settings.FALLBACK_FONTS)
    drawable, families = drawn_by(folders[0] / FACES[0], folders[1:], page)
    try:
        made = _compiler(folders if families else folders[:1]).compile(
            input=TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"page": json.dumps(drawable, ensure_ascii=False), "fallbacks": json.dumps(families)},
            timestamp=TIMESTAMP,
        )
    except typst.TypstError as error:
        raise PdfUnavailable(why=error.diagnostic or str(error)) from error
    assert isinstance(made, bytes)
    return made


def sha256_of(pdf: bytes) -> str:
    """64 upper-case hex digits."""
    return hashlib.sha256(pdf).hexdigest().upper()


def _fonts() -> Path:
    folder = Path(settings.FONTS_DIR)
    for face in FACES:
        if not (folder / face).is_file():
            raise PdfUnavailable(why=_("the font %(file)s is missing.") % {"file": folder / face})
    return folder


@cache
def _compiler(folders: tuple[Path, ...]) -> typst.Compiler:
    # Reading the fonts takes most of the time of a first PDF.
    faces = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(folder) for folder in folders if folder.is_dir()],
    )
    return typst.Compiler(root=str(TEMPLATE.parent), font_paths=faces)
