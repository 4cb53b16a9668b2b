"""The rules, listed one by one, the most important first: findings keep this order."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from analysis.engine.analyzers import (
    clock_moved_back,
    collector_manifest,
    executables,
    file_equals_baseline,
    file_state_changed,
    file_tampered,
    hash_transcription_slip,
    log_integrity,
    services,
    sigma,
    signatures,
)
from analysis.engine.findings import Failed, Outcome
from analysis.engine.material import Material
from analysis.engine.rules.rule_files import foreign_rules, own_rules


@dataclass(frozen=True)
class Analyzer:
    """A rule's id and its function."""

    rule: str
    examine: Callable[[Material], Outcome]


ANALYZERS = (
    Analyzer(services.RULE, services.examine),
    Analyzer(file_tampered.RULE, file_tampered.examine),
    Analyzer(executables.RULE, executables.examine),
    Analyzer(signatures.RULE, signatures.examine),
    Analyzer(file_state_changed.RULE, file_state_changed.examine),
    Analyzer(hash_transcription_slip.RULE, hash_transcription_slip.examine),
    Analyzer(file_equals_baseline.RULE, file_equals_baseline.examine),
    Analyzer(collector_manifest.RULE, collector_manifest.examine),
    Analyzer(log_integrity.RULE, log_integrity.examine),
    Analyzer(clock_moved_back.RULE, clock_moved_back.examine),
)


def rule_analyzers(rules: Path | None = None) -> list[Analyzer]:
    """Our Sigma rules, and those in a folder of the operator's; one that is not there is named."""
    own = [Analyzer(file.stem, partial(sigma.examine, file, True)) for file in own_rules()]
    if rules is None:
        return own
    if not rules.is_dir():
        missing = Failed(f"The folder of rules {rules} does not exist.")
        return [*own, Analyzer("sigma-rules", lambda material: missing)]
    foreign = [
        Analyzer(f"sigma-{file.stem}", partial(sigma.examine, file, False)) for file in foreign_rules(rules)
    ]
    return own + foreign
