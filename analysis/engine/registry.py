"""The rules, listed one by one, the most important first: findings keep this order."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.engine.analyzers import (
    executables,
    file_equals_baseline,
    file_state_changed,
    file_tampered,
    hash_transcription_slip,
    services,
)
from analysis.engine.findings import Outcome
from analysis.engine.material import Material


@dataclass(frozen=True)
class Analyzer:
    """A rule's id and its function."""

    rule: str
    examine: Callable[[Material], Outcome]


ANALYZERS = (
    Analyzer(services.RULE, services.examine),
    Analyzer(file_tampered.RULE, file_tampered.examine),
    Analyzer(executables.RULE, executables.examine),
    Analyzer(file_state_changed.RULE, file_state_changed.examine),
    Analyzer(hash_transcription_slip.RULE, hash_transcription_slip.examine),
    Analyzer(file_equals_baseline.RULE, file_equals_baseline.examine),
)
