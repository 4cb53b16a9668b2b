"""``make setup``: everything between a fresh clone and a start. ``--tests`` adds what the tests need."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (said before newer syntax is met)
    sys.exit(
        f"Anjuan needs Python 3.11 or newer, this is {sys.version_info[0]}.{sys.version_info[1]}: "
        "name another one, as in `make run PYTHON=python3.12`."
    )

import time

from launcher import assets, chromium, error_codes, translations, venv
from launcher.halt import Halt
from launcher.steps import ROOT, say


def set_up(*, tests: bool = False) -> None:
    """Does what is not done yet; seconds and no network when all of it is."""
    if tests:
        venv.install(
            venv.DEVELOPMENT, "development", "Installing the Python packages for tests (a minute or two)"
        )
    else:
        venv.install(venv.RUN, "run", "Installing the Python packages (about a minute)")
    translations.compile_all(ROOT / "locale")
    error_codes.prepare(needed=tests)
    assets.prepare()
    if tests:
        chromium.install()


def main(words: list[str]) -> int:
    """Returns the exit code."""
    started = time.monotonic()
    try:
        print("Setting up Anjuan", flush=True)
        set_up(tests="--tests" in words)
    except Halt as halt:
        print(f"\n{halt}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe set-up stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next run goes on from here.", file=sys.stderr)
        return 130
    say(f"Ready ({time.monotonic() - started:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
