"""Stored documents, opened: those of today are checked, those of an earlier version brought up to date.

``anjuan.result/1`` said ``null`` where ``/2`` leaves a fact or a part of a locator out, and grew fields
while it lasted: whatever a document of its early days lacks is filled in as "none".
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from engine.schema.document import ResultDocument
from engine.text import text

Json = dict[str, Any]
T = TypeVar("T", bound=msgspec.Struct)


class DocumentUnreadable(Exception):
    """No document that this version can open; ``schema`` is what it calls itself."""

    def __init__(self, schema: str, why: str) -> None:
        self.schema = schema
        super().__init__(f"{schema or 'no schema'}: {why}")


def opened(stored: Mapping[str, Any]) -> ResultDocument:
    """A stored result document of this or an earlier version. Raises ``DocumentUnreadable``."""
    return opened_as(ResultDocument, stored, {"anjuan.result/1": result_of_1})


def opened_as(kind: type[T], stored: Mapping[str, Any], upgrades: Mapping[str, Callable[[Json], Json]]) -> T:
    """``stored`` as ``kind``, which names its version by its field ``schema``; ``upgrades`` bring those of
    earlier versions to it. Raises ``DocumentUnreadable``."""
    schema = str(stored.get("schema", ""))[:100]
    current = next(field.default for field in msgspec.structs.fields(kind) if field.name == "schema")
    try:
        if schema in upgrades:
            stored = upgrades[schema](dict(stored)) | {"schema": current}
        elif schema != current:
            raise DocumentUnreadable(schema, f"only {current} and earlier are known")
        return msgspec.convert(stored, kind)
    except (msgspec.ValidationError, AttributeError, LookupError, TypeError) as error:
        raise DocumentUnreadable(schema, str(error)) from error


def stored_form(document: msgspec.Struct) -> Json:
    """The document as JSON types, texts as they are."""
    form: Json = msgspec.to_builtins(document)
    return form


# -- From anjuan.result/1 ----------------------------------------------------------------


def result_of_1(document: Json) -> Json:
    """A document of ``/1`` with every field of ``/2``."""
    events = document.get("events") or {}
    return document | {
        "source": {"name": "", "sha256": "", "size": 0} | document.get("source", {}),
        "zone": document.get("zone", ""),
        "artifacts": artifacts_of_1(document.get("artifacts", ())),
        "locked": document.get("locked", []),
        "events": events_of_1(events),
        "file_states": document.get("file_states", []),
        "baselines": document.get("baselines", []),
        "files": document.get("files", {}),
        "pe": [{"authenticode": None} | program for program in document.get("pe", ())],
        "findings": [{"incidents": []} | finding for finding in findings_of_1(document.get("findings", ()))],
        "incidents": document.get("incidents", []),
        "examined": examined_of_1(document.get("examined", ())),
    }


def artifacts_of_1(artifacts: Iterable[Json]) -> list[Json]:
    """Artifacts whose detail is a sentence, be it an empty one."""
    return [artifact | {"detail": artifact.get("detail") or text("", "")} for artifact in artifacts]


def events_of_1(events: Json) -> Json:
    """The logs with all that is told of one."""
    added = {"missing_records": 0, "unreadable": 0, "duplicates": 0, "header_valid": True, "cut": 0}
    return {
        "total": events.get("total", 0),
        "logs": [added | log for log in events.get("logs", ())],
        "incident": events.get("incident"),
    }


def findings_of_1(findings: Iterable[Json]) -> list[Json]:
    """Findings whose facts and locators leave out what they do not have."""
    added = {"gaps": None, "fingerprint": "", "computer": ""}
    return [
        added
        | finding
        | {
            "data": _set(finding.get("data") or {}),
            "evidence": [
                piece | {"locator": _set(piece["locator"])} for piece in finding.get("evidence", ())
            ],
        }
        for finding in findings
    ]


def examined_of_1(examined: Iterable[Json]) -> list[Json]:
    """Examinations with the number of findings that are not listed."""
    return [{"left_out": 0} | examination for examination in examined]


def _set(facts: Json) -> Json:
    return {name: value for name, value in facts.items() if value is not None}


# -- As JSON Schema -----------------------------------------------------------------------


def components(template: str) -> tuple[Json, dict[str, Json]]:
    """JSON Schema of the result document in one language, and of the parts that it refers to by
    ``template`` (with the place ``{name}``)."""
    (document,), parts = msgspec.json.schema_components((ResultDocument,), ref_template=template)
    return document, parts | {"Text": {"type": "string"}}


def json_schema() -> Json:
    """The JSON Schema (2020-12) of the stored result document."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return head | msgspec.json.schema(ResultDocument)


if __name__ == "__main__":
    print(json.dumps(json_schema(), indent=1))
