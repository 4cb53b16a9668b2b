"""The scenarios, a file a subject: imported here, they are all in ``SCENARIOS``."""

from benchmarks.diagnosis.scenario import SCENARIOS
from benchmarks.diagnosis.scenarios import domain, drivers, power, programs, protection, storage

__all__ = ["SCENARIOS", "domain", "drivers", "power", "programs", "protection", "storage"]
