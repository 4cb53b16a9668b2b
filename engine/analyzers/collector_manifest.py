"""Holds what arrived against the collector's own list: changed and lost files of a bundle."""

from dataclasses import dataclass, field

from engine.artifacts import Artifact, State
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.manifest import KIND, Listed, Manifest, NotManifest
from engine.phrases import counted
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import ChangedFile, Facts
from engine.text import Text, text

RULE = "collector-manifest"
MAX_NAMED = 10
"""Files that a sentence names; the data has all."""


@dataclass
class Held:
    """One manifest held against the bundle it came in."""

    artifact: Artifact
    manifest: Manifest
    same: int = 0
    unchecked: list[Listed] = field(default_factory=list)
    changed: list[tuple[Listed, Artifact]] = field(default_factory=list)
    lost: list[Listed] = field(default_factory=list)


def examine(material: Material) -> Outcome:
    artifacts = [artifact for artifact in material.artifacts if artifact.kind == KIND]
    if not artifacts:
        return NotExamined(
            text(
                "没有采集器清单（manifest.json）。用采集器采集的日志包才有清单。",
                "No collector's manifest (manifest.json). Only bundles made by the log collector have one.",
            )
        )
    findings: list[Finding] = []
    records = unreadable = 0
    for artifact in artifacts:
        try:
            manifest = material.read_manifest(artifact.file)
        except (NotManifest, OSError) as error:
            unreadable += 1
            artifact.state = State.UNREADABLE
            artifact.detail = text(
                f"采集器清单无法读取（{error}），文件未能与清单核对。",
                f"The collector's manifest cannot be read ({error}); the files were not held against it.",
            )
            continue
        held = hold(artifact, manifest, material.artifacts)
        records += len(manifest.files)
        unreadable += manifest.passed_over
        artifact.state = State.PARTLY if manifest.passed_over else State.READ
        artifact.detail = _detail(held)
        if held.changed:
            findings.append(_changed(held))
        if held.lost:
            findings.append(_lost(held))
    return Examined(tuple(findings), records, unreadable)


def hold(artifact: Artifact, manifest: Manifest, artifacts: list[Artifact]) -> Held:
    """Each listed file against the artifact of its path, in the folder of the manifest."""
    folder = artifact.path.rpartition("/")[0]
    here = {artifact.path.casefold(): artifact for artifact in artifacts}
    held = Held(artifact, manifest)
    for listed in manifest.files:
        path = f"{folder}/{listed.path}" if folder else listed.path
        present = here.get(path.casefold())
        if present is None:
            held.lost.append(listed)
        elif present.sha256.lower() == listed.sha256:
            held.same += 1
        elif present.state is State.UNREADABLE or (present.size == 0 and listed.size > 0):
            held.unchecked.append(listed)  # Not taken out of the archive: its own line says why.
        else:
            held.changed.append((listed, present))
    return held


def _detail(held: Held) -> Text:
    manifest = held.manifest
    zh = f"清单列出 {len(manifest.files):,} 个文件：{held.same:,} 个与采集时一致"
    same = "is" if held.same == 1 else "are"
    en = f"{counted(len(manifest.files), 'file')} listed: {held.same:,} {same} as collected"
    for number, zh_what, one, several in (
        (len(held.changed), "个不一致", "differs", "differ"),
        (len(held.lost), "个缺失", "is missing", "are missing"),
        (len(held.unchecked), "个未能核对", "could not be checked", "could not be checked"),
        (manifest.passed_over, "条清单记录无法识别", "entry not understood", "entries not understood"),
    ):
        if number:
            zh, en = f"{zh}，{number:,} {zh_what}", f"{en}, {number:,} {one if number == 1 else several}"
    zh, en = f"{zh}。", f"{en}."
    if manifest.left_out:
        named = manifest.left_out[:MAX_NAMED]
        zh += f"采集器未能采集 {len(manifest.left_out)} 项：{'；'.join(item.what for item in named)}。"
        en += (
            f" The collector could not collect {counted(len(manifest.left_out), 'thing')}: "
            f"{'; '.join(item.what for item in named)}."
        )
    if not manifest.elevated:
        zh += "采集时没有管理员权限。"
        en += " It ran without administrator rights."
    return text(zh, en)


def _changed(held: Held) -> Finding:
    names = [listed.path for listed, _ in held.changed]
    return Finding(
        rule=RULE,
        severity=Severity.HIGH,
        title=text(
            f"日志包中有 {len(names)} 个文件与采集时不一致",
            f"{counted(len(names), 'file')} of the bundle {'is' if len(names) == 1 else 'are'} not as "
            "collected",
        ),
        summary=text(
            f"采集器在清单中记录了每个文件的 SHA-256。以下文件在采集之后被改动或损坏：{_named(names)}。",
            "The collector recorded the SHA-256 of each file. These were changed or damaged after "
            f"that: {_named(names)}.",
        ),
        advice=text(
            "请在原机器上重新运行采集器，并直接上传它生成的压缩包，不要解压或重新打包。",
            "Run the collector on the machine again and upload its archive as it is, without unpacking "
            "or repacking it.",
        ),
        evidence=tuple(
            Evidence(
                artifact=held.artifact.path,
                artifact_sha256=held.artifact.sha256,
                locator=Locator(file=listed.path),
                excerpt=f"{listed.path}: {listed.sha256} ({listed.size:,}) "
                f"≠ {artifact.sha256} ({artifact.size:,})",
            )
            for listed, artifact in held.changed[:MAX_NAMED]
        ),
        fingerprint=fingerprint(RULE, "changed"),
        data=Facts(
            changed=[
                ChangedFile(path=listed.path, listed=listed.sha256, found=artifact.sha256)
                for listed, artifact in held.changed
            ]
        ),
        gaps=_gaps(held),
    )


def _lost(held: Held) -> Finding:
    names = [listed.path for listed in held.lost]
    return Finding(
        rule=RULE,
        severity=Severity.MEDIUM,
        title=text(
            f"采集器采集的 {len(names)} 个文件不在日志包中",
            f"{counted(len(names), 'file')} of those collected {'is' if len(names) == 1 else 'are'} not in "
            "the bundle",
        ),
        summary=text(
            f"清单中列出而日志包中没有：{_named(names)}。",
            f"Listed in the manifest and not in the bundle: {_named(names)}.",
        ),
        advice=text(
            "如果这些文件不是有意删除的，请重新运行采集器并直接上传它生成的压缩包。",
            "Unless they were taken out on purpose, run the collector again and upload its archive as it is.",
        ),
        evidence=tuple(
            Evidence(
                artifact=held.artifact.path,
                artifact_sha256=held.artifact.sha256,
                locator=Locator(file=listed.path),
                excerpt=f"{listed.path}: {listed.sha256} ({listed.size:,})",
            )
            for listed in held.lost[:MAX_NAMED]
        ),
        fingerprint=fingerprint(RULE, "lost"),
        data=Facts(lost=names),
        gaps=_gaps(held),
    )


def _gaps(held: Held) -> Text:
    if unknown := held.manifest.passed_over + len(held.unchecked):
        return text(
            f"清单中有 {unknown:,} 项未能识别或核对，可能还有未列出的文件。",
            f"{unknown:,} entries of the manifest were not understood or could not be checked: "
            "there may be more files like these.",
        )
    return text("清单已完整读取并逐项核对。", "The manifest was read whole, and each of its files checked.")


def _named(names: list[str]) -> str:
    more = len(names) - MAX_NAMED
    return ", ".join(names[:MAX_NAMED]) + (f" (+{more})" if more > 0 else "")
