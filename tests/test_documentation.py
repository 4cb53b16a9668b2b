"""What the documents name is there: a reader who follows a link or a path finds a file."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    file.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "engine/*.md")
    for file in ROOT.glob(pattern)
)
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")
FOLDERS = [folder.name for folder in ROOT.iterdir() if folder.is_dir() and folder.name.isalpha()]
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")
HISTORICAL = {Path("CHANGELOG.md")}
"""Name files as they were called at the time."""


def test_there_are_documents_to_hold() -> None:
    assert {Path("README.md"), Path("SECURITY.md"), Path("docs/architecture.md")} <= set(DOCUMENTS)
    assert (ROOT / "LICENSE").is_file()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_link_and_every_path_of_a_document_leads_to_a_file(document: Path) -> None:
    words = (ROOT / document).read_text("utf-8")
    links = [ROOT / document.parent / link for link in LINK.findall(words)]
    paths = [ROOT / path for path in PATH.findall(words)] if document not in HISTORICAL else []
    lost = [str(target) for target in (*links, *paths) if not target.exists()]
    assert not lost, f"{document} names what is not there: {', '.join(lost)}"


def test_every_decision_has_a_number_of_its_own() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    titles = [file.read_text("utf-8").partition("\n")[0] for file in files]
    assert [f"# {number}. " for number in range(1, len(files) + 1)] == [
        re.sub(r"(\d\. ).*", r"\1", title) for title in titles
    ]
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
