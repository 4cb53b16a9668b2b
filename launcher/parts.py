"""The portal's own processes: web, worker, beat and those of mail, and how each is told to end."""

import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Steps = Sequence[tuple[signal.Signals, float]]


@dataclass(frozen=True)
class Part:
    """One process of the portal."""

    name: str
    command: tuple[str, ...]
    stop: Steps
    on_parent_death: signal.Signals = signal.SIGTERM


def web(python: Path) -> Part:
    """gunicorn; reads BIND, PORT, WEB_WORKERS and WEB_THREADS (config/server/gunicorn_conf.py)."""
    return Part(
        "web",
        (str(python), "-m", "gunicorn", "--config", "python:config.server.gunicorn_conf"),
        ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0)),
    )


def worker(python: Path, concurrency: int = 2) -> Part:
    """The Celery worker. Told to end it waits for short tasks, then hands long ones back to the queue."""
    return Part(
        "worker",
        (
            *(str(python), "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle"),
        ),
        ((signal.SIGTERM, 5.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)),
        # Not SIGQUIT: while it looks for a broker that died, too, it heeds that only after half a minute.
        on_parent_death=signal.SIGKILL,
    )


def prompt_worker(python: Path) -> Part:
    """A second Celery worker, for what people wait for alone: seals, checks, sweeps."""
    return _worker_of(python, "prompt", 2)


def mail_worker(python: Path) -> Part:
    """A third one, which reads mails that came: what strangers make costly holds up nobody else."""
    return _worker_of(python, "mail", 1)


def _worker_of(python: Path, queue: str, concurrency: int) -> Part:
    whole = worker(python, concurrency)
    more = ("--queues", queue, "--hostname", f"{queue}@%h")
    return replace(whole, name=f"worker-{queue}", command=(*whole.command, *more))


def beat(python: Path, home: Path) -> Part:
    """The Celery scheduler; its memory of what ran when is a file in the data folder."""
    return Part(
        "beat",
        (
            *(str(python), "-m", "celery", "--app", "config", "beat", "--loglevel", "INFO"),
            *("--schedule", str(home / "run" / "beat-schedule"), "--pidfile", ""),
        ),
        ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)),
    )


def fetch_mail(python: Path) -> Part:
    """Takes mail out of the mailbox that IMAP_HOST names."""
    return _command(python, "fetch_mail")


def serve_mail(python: Path) -> Part:
    """Takes mail where MAIL_LISTEN says; what it is storing is finished."""
    return _command(python, "serve_mail")


def mail_parts(python: Path, environment: Mapping[str, str]) -> list[Part]:
    """Those of the two that the settings ask for."""
    wanted = (("IMAP_HOST", fetch_mail), ("MAIL_LISTEN", serve_mail))
    return [part(python) for setting, part in wanted if environment.get(setting)]


def _command(python: Path, name: str) -> Part:
    return Part(
        name.replace("_", "-"),
        (str(python), str(ROOT / "manage.py"), name),
        ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)),
    )


def portal_environment(base: Mapping[str, str], **more: str) -> dict[str, str]:
    """``base`` with what every part needs: the settings module, unbuffered output, UTF-8."""
    return {
        **base,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        **more,
    }
