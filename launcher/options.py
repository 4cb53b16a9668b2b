"""What ``make run`` reads from the environment, refused by name where it is wrong."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from launcher.halt import Halt
from launcher.steps import ROOT


@dataclass(frozen=True)
class Options:
    """PORT, BIND, ANJUAN_HOME, ANJUAN_DEMO, WORKER_PROCESSES, DATABASE_URL and REDIS_URL."""

    home: Path
    host: str
    port: int
    demo: bool
    worker_processes: int
    database: str | None
    broker: str | None

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 (compared only)
        return f"http://{host}:{self.port}"


def read(env: Mapping[str, str]) -> Options:
    """Raises Halt with one line for the first wrong value."""
    return Options(
        home=Path(env.get("ANJUAN_HOME") or ROOT / "data").expanduser().resolve(),
        host=env.get("BIND") or "127.0.0.1",
        port=_number(env, "PORT", 8000, 1, 65535),
        demo=_flag(env, "ANJUAN_DEMO", True),
        worker_processes=_number(env, "WORKER_PROCESSES", min(4, os.cpu_count() or 2), 1, 64),
        database=_address(
            env, "DATABASE_URL", {"postgres", "postgresql"}, "postgresql://user:password@host/name"
        ),
        broker=_address(env, "REDIS_URL", {"redis", "rediss", "unix"}, "redis://:password@host:6379/0"),
    )


def refuse_taken_port(options: Options) -> None:
    """Raises Halt when the web server could not listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((options.host, options.port))
            probe.listen(1)
        except PermissionError as error:
            raise Halt(
                f"Port {options.port} is for root alone: choose one above 1023, as in `PORT=8000 make run`."
            ) from error
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == 98:
                raise Halt(
                    f"Port {options.port} is in use: stop the program that has it, or choose another, "
                    f"as in `PORT={options.port + 1 if options.port < 65535 else 8000} make run`."
                ) from error
            raise Halt(f"BIND={options.host}: this machine has no such address ({error}).") from error


def _number(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    value = env.get(name, "")
    if not value:
        return default
    if not value.isdecimal() or not least <= int(value) <= most:
        raise Halt(f"{name}={value}: say a number from {least} to {most}.")
    return int(value)


def _flag(env: Mapping[str, str], name: str, default: bool) -> bool:
    value = env.get(name, "").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise Halt(f"{name}={value}: say 1 or 0.")
    return default


def _address(env: Mapping[str, str], name: str, schemes: set[str], example: str) -> str | None:
    value = env.get(name, "")
    if not value:
        return None
    if urlsplit(value).scheme not in schemes:
        # Not the value itself: it may hold a password.
        raise Halt(f"{name} is not an address of the kind that is needed: {example}.")
    return value
