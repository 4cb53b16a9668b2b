"""Cuts, kills and duplicates at random: every file is there in the end, byte for byte.

A short run here; ``make torture`` makes 1,000 faults of another seed. A failure names its seed.
"""

import json
import os
import random
import time
from pathlib import Path

import pytest

from accounts.models import User
from cases.models import Case
from tests.uploads.conftest import Web
from tests.uploads.torture import Torture

pytestmark = pytest.mark.django_db(transaction=True)

FAULTS = int(os.environ.get("TORTURE_FAULTS", "100"))
SEED = int(os.environ.get("TORTURE_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)


@pytest.mark.slow
def test_whatever_strikes_the_files_arrive(web: Web, alice: User, case: Case, artifact_folder: Path) -> None:
    torture = Torture(web, alice, case, SEED)
    begun = time.monotonic()
    print(f"TORTURE_SEED={SEED}")
    torture.run(FAULTS)
    figures = {
        "seed": SEED,
        "faults": dict(torture.struck),
        "all": torture.struck.total(),
        "files": torture.files,
        "seconds": round(time.monotonic() - begun, 1),
    }
    (artifact_folder / "figures.json").write_text(json.dumps(figures, indent=2))
    assert torture.struck.total() == FAULTS
