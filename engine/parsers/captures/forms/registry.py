"""The forms in which file facts come, each tried in turn on a line: the first that reads it has it."""

from engine.parsers.captures.forms import (
    certutil,
    checksum_lines,
    clixml,
    cmd_dir,
    command_errors,
    csv_rows,
    equal_signs,
    folder_tables,
    json_text,
    signatures,
    tables,
    transcripts,
)
from engine.parsers.captures.page import Form

FORMS: tuple[Form, ...] = (
    command_errors.read,
    transcripts.read,
    clixml.read,
    json_text.read,
    signatures.read,
    certutil.read,
    folder_tables.read,
    cmd_dir.read,
    csv_rows.read,
    tables.read,
    checksum_lines.read,
    equal_signs.read,
)
"""Prompts come before them, lists and hash rows that a console broke behind (``console``)."""
