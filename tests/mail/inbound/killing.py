"""Portal processes that are killed (-9) at one point of their work, always the same.

Run inside the process: ``dies()`` before whatever it is there for.
"""

import os
import signal
import subprocess
from dataclasses import replace
from pkgutil import resolve_name
from typing import Any

from django.db import connection

from launcher import parts
from launcher.parts import Part
from tests.processes import PYTHON

KILLED = -signal.SIGKILL


def dies(point: str, moment: str, after: str = "") -> None:
    """From now on this process is killed ``before`` or ``after`` it has called what is at ``point``; with
    ``after`` only once it has called that."""
    may_die = not after

    def wrapped(place: str, act: Any) -> Any:
        def call(*args: Any, **facts: Any) -> Any:
            nonlocal may_die
            if place == point and may_die and moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            done = act(*args, **facts)
            if place == point and may_die:
                os.kill(os.getpid(), signal.SIGKILL)
            may_die = may_die or place == after
            return done

        return call

    for place in filter(None, (point, after)):
        room, _, name = place.rpartition(".")
        owner = resolve_name(room)
        setattr(owner, name, wrapped(place, getattr(owner, name)))


def environment(**more: str) -> dict[str, str]:
    """As a portal process on this test's database has it."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    address = f"{base}/{connection.settings_dict['NAME']}"
    return parts.portal_environment(os.environ, DATABASE_URL=address) | more


def dying(part: Part, *where: str) -> Part:
    """The same command, killed there (``dies``)."""
    name = part.command[-1]
    what = f"from django.core.management import call_command; call_command({name!r})"
    return replace(part, command=_command(what, where))


def run(what: str, *where: str, env: dict[str, str], given: bytes = b"") -> int:
    """How a process ends that does this; killed there (``dies``) if it says where."""
    done = subprocess.run(_command(what, where), cwd=parts.ROOT, env=env, input=given, capture_output=True)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode


def _command(what: str, where: tuple[str, ...]) -> tuple[str, ...]:
    code = f"from tests.mail.inbound.killing import dies; dies(*{where!r}); {what}" if where else what
    return (str(PYTHON), str(parts.ROOT / "manage.py"), "shell", "--no-imports", "-c", code)
