"""The checks of ``make test`` that need a database but no test: migrations and Django's own checks."""

import subprocess
import sys

from launcher.steps import ROOT
from launcher.venv import PYTHON


def main() -> int:
    """0 when the models have no change without a migration and Django finds nothing wrong."""
    for words in (["check", "--fail-level", "WARNING"], ["makemigrations", "--check", "--dry-run"]):
        # Without a database the consistency of its history cannot be compared; that is only a warning.
        done = subprocess.run(
            [PYTHON, "-W", "ignore::RuntimeWarning", "manage.py", *words], cwd=ROOT, stdin=subprocess.DEVNULL
        )
        if done.returncode != 0:
            print(f"manage.py {' '.join(words)} is not content; see above.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
