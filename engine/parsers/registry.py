"""The parsers, listed one by one: a file is of the first kind whose parser recognises it."""

from typing import Annotated

import msgspec

from engine.artifacts import OTHER
from engine.parsers import archives, event_messages, manifest
from engine.parsers.captures import parser as captures
from engine.parsers.crashes import dump, wer
from engine.parsers.evtx import parser as evtx
from engine.parsers.exports import event_clixml, event_json, event_table, event_text, event_xml, evt
from engine.parsers.logs import codemeter, msi, plain, servicing, setupapi, windows_update
from engine.parsers.machine import (
    connections,
    gpresult,
    hotfixes,
    ipconfig,
    msinfo,
    registry_file,
    services,
    systeminfo,
)
from engine.parsers.parser import Parser
from engine.parsers.pe import catalogue
from engine.parsers.pe import parser as pe
from engine.parsers.sample import Sample
from engine.text import Text, text

PARSERS: dict[str, Parser] = {
    parser.kind: parser
    for parser in (
        pe.PARSER,
        evtx.PARSER,
        archives.PARSER,
        event_messages.PARSER,
        catalogue.PARSER,
        manifest.PARSER,
        event_xml.PARSER,
        event_clixml.PARSER,
        event_json.PARSER,
        event_table.PARSER,
        event_text.PARSER,
        evt.PARSER,
        codemeter.PARSER,
        servicing.PARSER,
        setupapi.PARSER,
        msi.PARSER,
        windows_update.PARSER,
        wer.PARSER,
        dump.PARSER,
        systeminfo.PARSER,
        msinfo.PARSER,
        ipconfig.PARSER,
        connections.PARSER,
        hotfixes.PARSER,
        services.PARSER,
        registry_file.PARSER,
        gpresult.PARSER,
        captures.PARSER,
        plain.PARSER,
    )
}

Kind = Annotated[str, msgspec.Meta(pattern=f"^({'|'.join([*PARSERS, OTHER])})$")]
"""What a file is; what comes out of the sandbox names no other."""

OTHER_LABEL = text("其他文件", "other file")


def label_of(kind: str) -> Text | None:
    """What readers call files of the kind; ``None`` for a kind that is not known (any more)."""
    if kind == OTHER:
        return OTHER_LABEL
    return PARSERS[kind].label if kind in PARSERS else None


def kind_of(sample: Sample) -> str:
    """The kind of the file that begins so, ``OTHER`` for one that no parser recognises."""
    return next((kind for kind, parser in PARSERS.items() if parser.recognises(sample)), OTHER)
