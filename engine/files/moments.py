"""What the captured states of a bundle are called, and on which machine they were taken.

A label comes from the folder where folders tell captures apart, else from the machine, the file name, the
heading in the capture; where one of them is not enough, from several. Facts of one moment that came in
several files of its folder are one state.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.artifacts import Artifact
from engine.files.agreement import same_time, same_version
from engine.machines import Machines
from engine.parsers import manifest
from engine.parsers.file_state import FileState
from engine.parsers.manifest import Manifest, NotManifest
from engine.parsers.paths import place_of
from engine.text_safety import shortened

MAX_LABEL_LENGTH = 80
BETWEEN = " · "

_GENERIC = re.compile(
    r"(?:get[- ]?)?(?:file)?(?:hash(?:es)?|item)(?: ?values?)?|sha(?:[- ]?(?:1|2|256|384|512))?(?:sums?)?"
    r"|md5(?:sums?)?|certutil|captures?|results?|outputs?|out|logs?|txt|text|te?mp|files?|info|dir|list|data"
    r"|new text document|new folder|transcripts?|powershell|console|screenshots?|readme|mail|body|notes?"
    r"|attachments?|evidence|desktop|downloads?|report"
    r"|文件哈希|哈希值?|校验值?|采集|收集|结果|输出|日志|文本|文件|属性|信息|文件信息|文件属性"
    r"|新建 ?文本文档|新建文件夹|控制台"
    r"|截图|说明|邮件|正文|数据|附件|桌面|下载|列表|备注",
    re.IGNORECASE,
)
_COPY = re.compile(r"(?<![ _-])[ _-]*(?:\(\d{1,3}\)|（\d{1,3}）|- ?副本|- ?copy|\d{1,3})$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s{0,20}[\[(（【]?\d{1,3}[\])）】]?\s{0,20}[-_.、．:： ]\s{0,20}")
_ARCHIVE = re.compile(r"\.(?:zip|7z|rar|tar|gz|tgz|cab|bz2|xz|eml)$", re.IGNORECASE)
_BROKEN = re.compile(r"[\u2500-\u259f\ufffd]")
"""Box drawing: a name that was read in the wrong code page."""


@dataclass(frozen=True)
class Moment:
    """States that were taken together: those of one capture under one name of its own."""

    artifact: str
    label: str
    heading: str
    machine: str

    @classmethod
    def of(cls, state: FileState) -> "Moment":
        return cls(state.artifact or "", state.label, state.heading, state.machine)


def collected_from(artifacts: Iterable[Artifact], read: Callable[[Path], Manifest]) -> dict[str, str]:
    """Of each folder into which a collector's list belongs the machine that it names."""
    machines = {}
    for artifact in artifacts:
        if artifact.kind == manifest.KIND:
            try:
                name = read(artifact.file).machine.strip()
            except (NotManifest, OSError):
                continue  # The rule of the list says so.
            if name:
                machines[artifact.path.rpartition("/")[0]] = name
    return machines


def settled(
    states: Sequence[FileState], machines: Machines, collected: Mapping[str, str] | None = None
) -> list[FileState]:
    """The states with their machines and labels. ``machines`` are those of the bundle's events,
    ``collected`` says of folders (paths in the bundle, empty: all of it) from which machine a collector
    brought them."""
    placed = _on_machines(states, machines, collected or {})
    names = _names(placed)
    return _joined([replace(state, label=names[Moment.of(state)]) for state in placed])


# -- Machines -----------------------------------------------------------------------------


def _on_machines(
    states: Sequence[FileState], machines: Machines, collected: Mapping[str, str]
) -> list[FileState]:
    said = {state.machine for state in states if state.machine}
    shares = {share for state in states if (share := place_of(state.path).machine)}
    every = Machines({*machines.names, *map(machines.of, {*said, *shares, *collected.values()} - {""})})
    known = {name.casefold(): name for name in every.names} | {
        name.partition(".")[0].casefold(): name for name in every.names
    }
    of_artifact = {
        artifact: _machine_of(artifact, known, collected)
        for artifact in {state.artifact or "" for state in states}
    }
    placed = []
    for state in states:
        name = place_of(state.path).machine or state.machine or of_artifact[state.artifact or ""]
        placed.append(replace(state, machine=every.of(machines.of(name)) if name else ""))
    return placed


def _machine_of(artifact: str, known: Mapping[str, str], collected: Mapping[str, str]) -> str:
    """By a folder or file that bears a machine's name, or by the collector's list above it."""
    parts = artifact.split("/")
    for part in (_stem(parts[-1]), *map(_stem, reversed(parts[:-1]))):
        if name := known.get(part.strip().casefold()):
            return name
    for depth in range(len(parts) - 1, -1, -1):
        if name := collected.get("/".join(parts[:depth])):
            return name
    return ""


# -- Labels -------------------------------------------------------------------------------


def _names(states: Iterable[FileState]) -> dict[Moment, str]:
    moments = list(dict.fromkeys(map(Moment.of, states)))
    by_artifact: dict[str, list[Moment]] = {}
    for moment in moments:
        by_artifact.setdefault(moment.artifact, []).append(moment)
    folders = _folders(list(by_artifact))
    machines = len({moment.machine for moment in moments if moment.machine}) > 1
    parts = {
        moment: _parts(moment, folders[moment.artifact], by_artifact[moment.artifact], machines)
        for moment in moments
    }
    names: dict[Moment, str] = {}
    waiting = moments
    depth = 1
    while waiting:
        shared: dict[tuple[str, str], list[Moment]] = {}
        for moment in waiting:
            name = shortened(BETWEEN.join(_without_repeated(parts[moment][:depth])), MAX_LABEL_LENGTH)
            shared.setdefault((name.casefold(), moment.machine), []).append(moment)
            names[moment] = name
        # Generic files of one folder are of the moment that the folder names.
        waiting = [
            moment
            for group in shared.values()
            if len(group) > 1 and not _together(group, folders)
            for moment in group
            if len(parts[moment]) > depth
        ]
        depth += 1
    return _numbered(names, folders)


def _parts(moment: Moment, folder: list[str], siblings: list[Moment], machines: bool) -> list[str]:
    """What may name the moment, the first choice first."""
    name = moment.artifact.rpartition("/")[2]
    stem = _stem(name)
    several = len({sibling.heading for sibling in siblings}) > 1
    parts = [folder[-1]] if folder else []
    if machines and moment.machine:
        parts.append(moment.machine)
    plain = _NUMBER.sub("", stem).strip().casefold()
    if moment.heading and plain and plain in moment.heading.casefold() and not several:
        parts.append(moment.heading)  # The same, in more words or without a number.
    elif not is_generic(stem) and not (several and moment.heading):
        parts.append(stem)
    parts += [part for part in (moment.heading, *reversed(folder[:-1]), stem) if part]
    unique: dict[str, str] = {}
    for part in parts:
        unique.setdefault(part.casefold(), part)
    return list(unique.values())


def _without_repeated(parts: Sequence[str]) -> list[str]:
    """Without what another part says too: "PC-01" beside "PC-01 before"."""
    return [
        part
        for part in parts
        if not any(part != other and part.casefold() in other.casefold() for other in parts)
    ]


def _folders(artifacts: Sequence[str]) -> dict[str, list[str]]:
    """Of each capture the folders that tell it from others, outermost first."""
    folders = {
        artifact: [_ARCHIVE.sub("", part) for part in artifact.split("/")[:-1]] for artifact in artifacts
    }
    common = set.intersection(*(set(parts) for parts in folders.values())) if folders else set()
    return {
        artifact: [part for part in parts if part not in common and not is_generic(part)]
        for artifact, parts in folders.items()
    }


def _together(group: Sequence[Moment], folders: Mapping[str, list[str]]) -> bool:
    """Files of one folder with names that say nothing, each without a heading: parts of one moment."""
    places = {moment.artifact.rpartition("/")[0] for moment in group}
    return (
        len(places) == 1
        and len({moment.artifact for moment in group}) == len(group)
        and all(folders[moment.artifact] for moment in group)
        and all(
            not moment.heading and is_generic(_stem(moment.artifact.rpartition("/")[2])) for moment in group
        )
    )


def _numbered(names: dict[Moment, str], folders: Mapping[str, list[str]]) -> dict[Moment, str]:
    """What still bears one name is counted."""
    shared: dict[tuple[str, str], list[Moment]] = {}
    for moment, name in names.items():
        shared.setdefault((name.casefold(), moment.machine), []).append(moment)
    for group in shared.values():
        if len(group) > 1 and not _together(group, folders):
            for number, moment in enumerate(group, start=1):
                names[moment] = f"{names[moment]} ({number})"
    return names


def is_generic(name: str) -> bool:
    """The name of a file or folder says what is in it at most, not when or where it was taken."""
    plain = _COPY.sub("", _NUMBER.sub("", name)).strip(" _-.")
    words = [word for word in re.split(r"[ _\-.+&与和]+", plain) if word]
    if not words or _BROKEN.search(name):
        return True
    return _GENERIC.fullmatch(plain) is not None or all(_GENERIC.fullmatch(word) for word in words)


def _stem(name: str) -> str:
    return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name) or name


# -- One moment in several files ----------------------------------------------------------


def _joined(states: Sequence[FileState]) -> list[FileState]:
    """States of one label, machine and file that only add to each other, as one."""
    joined: list[FileState] = []
    places: dict[tuple[str, str, str], int] = {}
    for state in states:
        key = (state.label, state.machine, place_of(state.path).key)
        at = places.get(key)
        if at is not None and (whole := _together_of(joined[at], state)):
            joined[at] = whole
            continue
        places.setdefault(key, len(joined))
        joined.append(state)
    return joined


def _together_of(mine: FileState, theirs: FileState) -> FileState | None:
    if mine.artifact == theirs.artifact or mine.cut or theirs.cut or mine.absent or theirs.absent:
        return None
    facts = ("sha256", "size", "modified", "version")
    said = [(getattr(mine, name), getattr(theirs, name)) for name in ("sha256", "size")]
    said += [(mine.other_hashes.get(name), value) for name, value in theirs.other_hashes.items()]
    if any(a is not None and b is not None and a != b for a, b in said):
        return None
    if False in (same_time(mine.modified, theirs.modified), same_version(mine.version, theirs.version)):
        return None
    more = {name: getattr(theirs, name) for name in facts if getattr(mine, name) is None}
    more["modified"] = max(filter(None, (mine.modified, theirs.modified)), key=len, default=None)
    return replace(mine, **more, other_hashes=theirs.other_hashes | mine.other_hashes)
