"""A report as one language reads it: plain JSON that the HTML page and the PDF both render."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from analysis.display import grouped, local_time
from analysis.reports.content import run_content
from analysis.reports.pages.examined import examined_page
from analysis.reports.pages.files import files_page
from analysis.reports.pages.findings import FindingPages, more, paragraphs
from analysis.reports.pages.signatures import signatures_page
from analysis.reports.pages.summary import summary_of
from analysis.reports.schema import Input, ReportContent, Revision
from engine.conclusions.what_was_read import named, no_findings, what_was_read
from engine.index.values import LogForm
from engine.schema.document import ArtifactEntry, IncidentEntry
from engine.schema.files import FilesOverview
from engine.schema.logs import LogEntry, LogKind
from engine.schema.machine import MachineEntry
from engine.text import Text, in_language, joined, text

if TYPE_CHECKING:
    from analysis.runs.models import AnalysisRun
from engine.parsers.pe.parser import KIND as PE
from engine.parsers.registry import label_of
from engine.text_safety import plain, shown

MAX_ARTIFACTS = 300
MAX_MACHINE_FACTS = 100
MAX_RANGES = 20
MAX_INCIDENTS = 5
MAX_CHANGES = 20


def page_of(content: ReportContent, language: str, *, replaced_by: int | None = None) -> dict[str, Any]:
    """The view of a report in ``zh-hans`` or ``en``: strings, ready to show. ``replaced_by``: the version
    that has taken its place."""
    with override(language):
        replaced = _("Replaced by version %(version)s") % {"version": replaced_by} if replaced_by else ""
        return _Page(content, language).build() | {"replaced_by": replaced}


def run_page(run: AnalysisRun, language: str) -> dict[str, Any]:
    """The vendor's view of a whole run: every finding, all captured files, and what came together.
    Raises ``NoResult`` and ``ResultUnreadable``."""
    result = run.result
    with override(language):
        return _Page(run_content(run), language, result.files, result.incidents).build()


class _Page:
    def __init__(
        self,
        content: ReportContent,
        language: str,
        files: FilesOverview | None = None,
        incidents: Sequence[IncidentEntry] = (),
    ) -> None:
        self.content = content
        self.files = files or FilesOverview()
        self.incidents = incidents
        self.language = language
        self.zone = ZoneInfo(content.zone)
        self.findings = FindingPages(language, self.zone)
        self.read = what_was_read(content.artifacts, content.events)

    def build(self) -> dict[str, Any]:
        content, case = self.content, self.content.case
        sent = local_time(content.sent_at, self.zone)
        return {
            "language": self.language,
            "title": _("Analysis report"),
            "number": case.number,
            "version": content.version,
            "is_draft": not sent,
            "case_title": plain(case.title, 200),
            "footer": f"{case.number} · v{content.version}",
            "draft_note": _("Draft: not sent, may still change."),
            "meta": self._meta(sent),
            "headings": _headings(),
            "revision": self._revision(content.revision) if content.revision else None,
            "summary": summary_of(content, self.language),
            "findings": [
                self.findings.page(i, finding) for i, finding in enumerate(content.findings, start=1)
            ],
            "no_findings": self._no_findings(),
            "nothing_found": self._text(no_findings(self.read)),
            "unread": [self._text(named(reason)) for reason in self.read.reasons],
            "read_nothing": self.read.nothing,
            "examined": examined_page(
                content.examined, {finding.rule for finding in content.findings}, self.language
            ),
            "incidents": [self._incident(incident) for incident in self.incidents[:MAX_INCIDENTS]],
            "files": files_page(self.files),
            "signatures": signatures_page(content.executables, self.zone),
            "logs": [self._log(log) for log in content.events.logs],
            "machines": [self._text(machine.said) for machine in content.events.machines],
            "machine": [self._machine(entry) for entry in content.machine if entry.facts],
            "artifacts": [self._artifact(artifact) for artifact in content.artifacts[:MAX_ARTIFACTS]],
            "artifacts_more": more(len(content.artifacts) - MAX_ARTIFACTS),
            "inputs": [self._input(source) for source in content.inputs],
            "engine": self._engine(),
            "zone_note": _("Times are %(zone)s time.") % {"zone": content.zone},
        }

    def _no_findings(self) -> str:
        """Of a report, that may leave findings out: it denies none, and says what was read."""
        if self.read.nothing:
            return self._text(self.read.headline)
        sentence = _("The analysis came to no conclusion that this report could show.")
        return self._text(joined(text(sentence, sentence), self.read.headline))

    def _text(self, both: Text, limit: int = 2_000) -> str:
        return shown(in_language(both, self.language), limit)

    def _meta(self, sent: str) -> list[list[str]]:
        case = self.content.case
        product = " · ".join(plain(word, 100) for word in (case.product, case.edition) if word)
        rows = [
            [_("Case"), case.number],
            [_("Customer"), plain(case.organisation, 200)],
            [_("Product"), product],
            [_("Engineer"), plain(self.content.engineer, 120)],
            [_("Version"), str(self.content.version)],
            [_("Sent"), sent or _("not yet")],
        ]
        return [row for row in rows if row[1]]

    def _revision(self, revision: Revision) -> dict[str, Any]:
        """That another report is replaced: ``said``, the engineer's ``change``, and ``changes`` by the two
        contents."""
        texts = {
            (True, False): _("The conclusion has changed."),
            (False, True): _("The advice has changed."),
            (True, True): _("The conclusion and the advice have changed."),
        }
        changes = [texts.get((revision.conclusion, revision.advice), "")]
        for label, titles in (
            (_("New finding: %(title)s"), revision.added),
            (_("No longer in the report: %(title)s"), revision.removed),
        ):
            changes += [label % {"title": self._text(title, 300)} for title in titles[:MAX_CHANGES]]
            changes.append(more(len(titles) - MAX_CHANGES))
        day = local_time(revision.sent_at, self.zone).partition(" ")[0]
        return {
            "said": _("Version %(version)s, replaces version %(replaced)s of %(day)s.")
            % {"version": self.content.version, "replaced": revision.replaces, "day": day},
            "change": paragraphs(plain(in_language(revision.said, self.language), 20_000)),
            "changes": [change for change in changes if change],
        }

    def _incident(self, incident: IncidentEntry) -> dict[str, Any]:
        """What came together; ``findings`` are positions with their titles."""
        findings = self.content.findings
        return {
            "summary": self._text(incident.summary),
            "findings": [
                {"position": place, "title": self._text(findings[place].title, 300)}
                for place in incident.findings
                if place < len(findings)
            ],
        }

    def _log(self, log: LogEntry) -> dict[str, Any]:
        bad = log.bad_chunks
        is_text = log.form is not LogForm.EVTX
        if is_text:
            facts = [_("a text: it has no checksums, and nothing tells whether records were left out")]
        else:
            facts = [said] if (said := self._missing(log)) else []
        facts += [self._text(note) for note in log.notes]
        if log.dirty:
            facts.append(_("the log was not closed properly"))
        if bad:
            count = {"count": f"{len(bad):,}"}
            facts.append(ngettext("%(count)s damaged chunk", "%(count)s damaged chunks", len(bad)) % count)
        return {
            "artifact": shown(log.artifact),
            "records": grouped(log.records),
            "range": "" if log.form is LogForm.LINES else _range(log.first_record, log.last_record),
            "from": local_time(log.first_time, self.zone),
            "to": local_time(log.last_time, self.zone),
            "is_text": is_text,
            "whole": not (log.missing_records or bad or log.dirty),
            "said": ("；" if self.language == "zh-hans" else "; ").join(facts),
        }

    def _machine(self, entry: MachineEntry) -> dict[str, Any]:
        """What one file tells of the machine, each fact with its line."""
        return {
            "artifact": shown(entry.artifact),
            "kind": kind_label(entry.kind, self.language),
            "facts": [
                {
                    "name": self._text(fact.name, 60),
                    "about": shown(fact.about, 200),
                    "value": shown(fact.value, 400),
                    "line": _("line %(line)s") % {"line": grouped(fact.line)},
                }
                for fact in entry.facts[:MAX_MACHINE_FACTS]
            ],
            "more": more(max(0, len(entry.facts) - MAX_MACHINE_FACTS) + entry.left_out),
        }

    def _missing(self, log: LogEntry) -> str:
        missing, count = log.missing, log.missing_records
        if not count:
            without_gap = log.kind in {LogKind.OWN, LogKind.SAVED}
            return _("record numbers run without a gap") if without_gap else ""
        if not missing:
            return ngettext("%(count)s record is missing", "%(count)s records are missing", count) % {
                "count": f"{count:,}"
            }
        ranges = [f"{a:,}–{b:,}" if a != b else f"{a:,}" for a, b in missing[:MAX_RANGES]]
        listed = ("、" if self.language == "zh-hans" else ", ").join(ranges)
        return ngettext(
            "%(count)s record is missing: %(ranges)s", "%(count)s records are missing: %(ranges)s", count
        ) % {"count": f"{count:,}", "ranges": listed + (" …" if len(missing) > MAX_RANGES else "")}

    def _artifact(self, artifact: ArtifactEntry) -> dict[str, Any]:
        return {
            "path": shown(artifact.path),
            "kind": kind_label(artifact.kind, self.language),
            "addable": artifact.kind == PE and artifact.state == "read",
            "state": artifact.state.value,
            "state_label": state_label(artifact.state),
            "size": grouped(artifact.size),
            "sha256": shown(artifact.sha256, 64),
            "detail": self._text(artifact.detail),
        }

    def _input(self, source: Input) -> dict[str, Any]:
        return {
            "name": shown(source.name),
            "size": grouped(source.size),
            "sha256": shown(source.sha256, 64),
            "received": local_time(source.received_at, self.zone),
        }

    def _engine(self) -> str:
        engine = self.content.engine
        versions = " · ".join(f"{name} {version}" for name, version in sorted(engine.versions.items()))
        return " · ".join(word for word in (engine.schema, versions) if word)


def kind_label(kind: str, language: str) -> str:
    """What a file is, for a reader."""
    label = label_of(kind)
    return shown(kind, 20) if label is None else in_language(label, language)


def state_label(state: str) -> str:
    """How far a file was read."""
    labels = {
        "read": _("read"),
        "partly": _("read in part"),
        "unreadable": _("unreadable"),
        "skipped": _("not read"),
    }
    return labels.get(state, shown(state, 20))


def _range(first: int | None, last: int | None) -> str:
    return "" if first is None or last is None else f"{first:,}–{last:,}"


def _headings() -> dict[str, str]:
    names: Iterable[tuple[str, str]] = (
        ("conclusion", _("Conclusion")),
        ("advice", _("Advice")),
        ("changed", _("What changed")),
        ("findings", _("What was found")),
        ("proof", _("The evidence of each finding")),
        ("evidence", _("Evidence")),
        ("annex", _("Annex")),
        (
            "annex_holds",
            _("Annex: the evidence of each finding, what was examined and what was not, logs, files."),
        ),
        ("examined", _("What was examined and what was not")),
        ("logs", _("Event logs")),
        ("machine", _("The machine")),
        ("artifacts", _("Files in the upload")),
        ("inputs", _("What this report rests on")),
        ("rule", _("Check")),
        ("outcome", _("Outcome")),
        ("records", _("Records")),
        ("detail", _("Detail")),
        ("state", _("State")),
        ("size", _("Bytes")),
        ("modified", _("Last write")),
        ("version", _("Version")),
        ("verdict", _("Verdict")),
        ("file", _("File")),
        ("kind", _("Kind")),
        ("period", _("Period")),
        ("received", _("Received")),
        ("excerpt", _("Excerpt")),
        ("engine", _("Made with")),
        ("gaps", _("Completeness of the data")),
        ("part", _("Part")),
        ("entropy", _("Entropy")),
        ("causes", _("Likely causes")),
        ("false_alarms", _("When this is a false alarm")),
        ("references", _("References")),
        ("signatures", _("Programs and their signatures")),
        ("signer", _("Signer")),
        ("signature", _("Signature")),
        ("stamp", _("Time stamp")),
        ("unchanged", _("unchanged")),
        ("in_words", _("In words")),
    )
    return dict(names)
