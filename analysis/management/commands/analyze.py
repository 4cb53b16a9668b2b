"""``manage.py analyze PATH``: the engine on a bundle, a folder or a file, with no database."""

import json
import shutil
import signal
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from engine.analyze import analyze
from engine.parsers.baselines import BaselineUnreadable
from engine.parsers.file_state import FileState
from engine.progress import Progress, silent
from engine.render.plain import lines_of
from engine.sandbox.confinement import confinement
from engine.sandbox.jobs import baselines_in
from engine.sandbox.sandbox import Sandbox
from engine.schema.document import localised
from engine.schema.versions import stored_form
from engine.text import LANGUAGES, text
from engine.unpacking.unpack import SourceUnreadable


class Command(BaseCommand):
    help = "Analyses a log bundle (zip, 7z, rar, cab, tar), a folder or a single file and prints the result."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="an archive, a folder or a file")
        parser.add_argument(
            "--baseline", type=Path, metavar="FILE", help="known-good file states (JSON or a list of hashes)"
        )
        parser.add_argument(
            "--rules", type=Path, metavar="FOLDER", default=settings.RULES, help="further Sigma rules"
        )
        parser.add_argument(
            "--yara",
            type=Path,
            metavar="FOLDER",
            default=settings.YARA_RULES,
            help="YARA rules",
        )
        parser.add_argument(
            "--incident",
            type=_time,
            metavar="TIME",
            help="when the trouble happened, such as 2020-11-14T10:00",
        )
        parser.add_argument(
            "--zone",
            type=_zone,
            metavar="NAME",
            default=settings.TIME_ZONE,
            help="the time zone of --incident and of the sentences",
        )
        parser.add_argument(
            "--password-file", type=Path, metavar="FILE", help="its first line opens locked archives"
        )
        parser.add_argument("--lang", choices=LANGUAGES, default="zh-hans", help="language of the sentences")
        parser.add_argument("--json", action="store_true", help="print the result document and nothing else")

    def handle(
        self,
        *args: Any,
        path: Path,
        baseline: Path | None,
        rules: Path | None,
        yara: Path | None,
        incident: datetime | None,
        zone: ZoneInfo,
        lang: str,
        **options: Any,
    ) -> None:
        password = _password(options["password_file"])
        for folder in filter(None, (rules, yara)):
            if not folder.is_dir():
                missing = text(
                    f"{folder}：没有这个规则文件夹。", f"{folder}: there is no such folder of rules."
                )
                raise CommandError({**missing}[lang])
        # A terminated analysis leaves no temporary files behind.
        before = signal.signal(signal.SIGTERM, _leave)
        work = Path(tempfile.mkdtemp(prefix="anjuan-"))
        try:
            known = _known(baseline) if baseline else []
            show = not options["json"] and sys.stderr.isatty()
            result = analyze(
                path,
                work,
                baselines=known,
                zone=zone,
                report=_print_progress if show else silent,
                rules=rules,
                kept=_kept_rules(),
                yara=yara,
                incident=incident and _moment(incident, zone),
                password=password,
            )
            document = result.document()
        except SourceUnreadable as error:
            raise CommandError({**error.sentence}[lang]) from error
        except BaselineUnreadable as error:
            raise CommandError({**error.sentence}[lang]) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}.") from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
            signal.signal(signal.SIGTERM, before)
        if options["json"]:
            self.stdout.write(
                json.dumps(localised(stored_form(document), lang), ensure_ascii=False, indent=1)
            )
            return
        for line in lines_of(document, lang):
            self.stdout.write(line)


def _time(typed: str) -> datetime:
    try:
        time = datetime.fromisoformat(typed)
    except ValueError:
        time = None
    if time is None or not 1970 <= time.year <= 2999:
        raise ArgumentTypeError(f"{typed}: no such time; for example 2020-11-14T10:00")
    return time


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArgumentTypeError(f"{name}: no such time zone; for example Asia/Shanghai") from error


def _moment(incident: datetime, zone: ZoneInfo) -> datetime:
    return (incident if incident.tzinfo else incident.replace(tzinfo=zone)).astimezone(UTC)


def _password(file: Path | None) -> str | None:
    """The first line: an editor ends it with a line break that is no part of the password."""
    if file is None:
        return None
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {getattr(error, 'strerror', None) or 'not UTF-8'}.") from error
    return lines[0] if lines and lines[0] else None


def _known(file: Path) -> list[FileState]:
    with Sandbox(prepare=[confinement([file])]) as sandbox:
        return baselines_in(sandbox, file)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _print_progress(progress: Progress) -> None:
    line = f"{progress.artifacts_done}/{progress.artifacts_total} {progress.artifact} {progress.records:,}"
    sys.stderr.write("\r\033[K" + (line[:100] if progress.stage != "done" else ""))
    sys.stderr.flush()


def _kept_rules() -> Path | None:
    """Where compiled rules are kept: without a data folder nowhere, as a command leaves nothing behind."""
    home = Path(settings.ANJUAN_HOME)
    return home / "rules" if home.is_dir() else None
