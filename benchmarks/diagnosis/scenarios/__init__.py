"""The scenarios, a file a subject: imported here, they are all in ``SCENARIOS``."""

from benchmarks.diagnosis.scenario import SCENARIOS
from benchmarks.diagnosis.scenarios import (
    bundles,
    clients,
    domain,
    drivers,
    fresh_cases,
    hardware,
    identity,
    more_cases,
    power,
    programs,
    protection,
    public_cases,
    servers,
    storage,
)

__all__ = [
    "SCENARIOS",
    "bundles",
    "clients",
    "domain",
    "drivers",
    "fresh_cases",
    "hardware",
    "identity",
    "more_cases",
    "power",
    "programs",
    "protection",
    "public_cases",
    "servers",
    "storage",
]
