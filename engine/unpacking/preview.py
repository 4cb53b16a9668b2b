"""A preview of a bundle, seconds after it has arrived: which files, which logs, of which time.

It reads no event and judges nothing; the analysis does, later. Hostile bytes are unpacked and
looked at in the sandbox alone.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.artifacts import OTHER, Artifact, State
from engine.parsers.evtx.span import LogSpan
from engine.parsers.parser import Glimpse, Unparsable
from engine.parsers.registry import PARSERS, Kind
from engine.sandbox import jobs
from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Allowance, Emit, JobFailed, OutOfTime, Sandbox, Stopped
from engine.text import Text, joined
from engine.unpacking.archives.budget import DEFAULT_LIMITS
from engine.unpacking.entry_names import shown
from engine.unpacking.identify import identify
from engine.unpacking.unanalysed import BROKEN_FORMS
from engine.unpacking.unpack import EMPTY_SHA256, SourceUnreadable, looked_at

MAX_SECONDS = 45.0
"""All of the preview; a file that is not reached until then is named, not looked at."""
LIMITS = replace(DEFAULT_LIMITS, file=512 * 2**20, total=3 * 2**30)
"""A dump beyond this is known by its name; it need not be unpacked for that."""
TROUBLED = {State.PARTLY, State.UNREADABLE}
ALLOWANCE = Allowance(silence=20.0)


@dataclass
class Entry:
    """One file. ``path`` is hostile text; ``sha256`` is empty where the bytes were not read to their
    end. ``trouble`` says why it cannot be read, or not all of it. ``states``: the files whose hash or
    properties it tells. ``mistaken``: it has the name of an event log and is none, or is empty. ``form``:
    what a file is that no parser reads; ``why``: why nothing of it is read, and what to send instead."""

    path: str
    kind: str
    size: int
    sha256: str = ""
    trouble: Text | None = None
    log: LogSpan | None = None
    states: list[str] = field(default_factory=list)
    mistaken: bool = False
    form: str = ""
    why: Text | None = None


@dataclass
class Preview:
    """The files in order; ``trouble`` where the bundle as a whole cannot be read."""

    entries: list[Entry] = field(default_factory=list)
    trouble: Text | None = None


def kind(emit: Emit, file: Path) -> Kind:
    """In the child: what the file is."""
    return identify(file)


def glance(emit: Emit, artifact: Artifact) -> tuple[State, Text | None, str]:
    """In the child: what a file is that no parser reads, as state, detail and form."""
    looked_at(artifact)
    return artifact.state, artifact.detail, artifact.form


def preview_of(
    source: Path,
    work: Path,
    sha256: str,
    idle: Callable[[], None] = lambda: None,
    password: str | None = None,
) -> Preview:
    """Looks at the file ``source``, whose SHA-256 is known. ``work`` is an empty folder.

    ``idle`` is called about twice a second and may raise to stop. Raises ``SandboxBroken``.
    """
    prepare = [confinement([source], [work])]
    with Sandbox(ALLOWANCE, prepare, idle=idle) as sandbox:
        sandbox.deadline = time.monotonic() + MAX_SECONDS
        try:
            if sandbox.call(kind, source) == OTHER:
                # Of a dump of many gigabytes nothing more is to be learnt here.
                only = Artifact(shown(source.name), source, sha256.lower(), source.stat().st_size, OTHER)
                only.state, only.detail, only.form = sandbox.call(glance, only)
                return Preview([_entry(only, sandbox)])
            into = work / "files"
            artifacts = jobs.unpack_in(sandbox, source, into, LIMITS, lambda name: idle(), password)
        except SourceUnreadable as error:
            return Preview(trouble=error.sentence)
        except Stopped as stopped:
            return Preview(trouble=stopped.sentence)
        return Preview([_entry(artifact, sandbox) for artifact in artifacts])


def _entry(artifact: Artifact, sandbox: Sandbox) -> Entry:
    entry = Entry(
        path=artifact.path,
        kind=artifact.kind,
        size=artifact.size,
        sha256=artifact.sha256.upper() if artifact.sha256 != EMPTY_SHA256 else "",
        trouble=joined(artifact.note, artifact.detail if artifact.state in TROUBLED else None)
        if artifact.note or artifact.state in TROUBLED
        else None,
        mistaken=artifact.kind == OTHER and artifact.form in BROKEN_FORMS and _named_log(artifact.path),
        form=artifact.form,
        why=artifact.detail if artifact.state in {State.UNREADABLE, State.SKIPPED} else None,
    )
    parser = PARSERS.get(artifact.kind)
    if parser is None or parser.preview is None:
        return entry
    try:
        glimpse: Glimpse = sandbox.call(parser.preview, artifact, size=artifact.size)
        entry.log, entry.states = glimpse.log, glimpse.states
    except OutOfTime:
        return entry
    except Stopped as stopped:
        entry.trouble = stopped.sentence
    except (Unparsable, JobFailed, OSError):
        entry.mistaken = _named_log(artifact.path)
    return entry


def _named_log(path: str) -> bool:
    return path.casefold().endswith((".evtx", ".evt"))
