"""Who holds the ports that a finding is about, by the output of netstat beside the logs."""

from pathlib import Path

from engine.analyzers.beside import ports
from engine.material import Material
from engine.parsers.machine.facts import LABELS
from engine.parsers.machine_facts import MachineFact, MachineFacts
from engine.rules.rule_files import OWN, read_own
from tests.engine import rule_examples

EXHAUSTED = read_own(OWN / "network" / "port-exhaustion.yml")
NOT_BOUND = read_own(OWN / "servers" / "http-address-not-bound.yml")
FACTS = [
    ("connections", "9 (TIME_WAIT 9)", 10, "reportd.exe (PID 88)"),
    ("connections", "2000 (ESTABLISHED 2000)", 30, "MesGateway.exe (PID 4912)"),
    ("listening", "TCP 0.0.0.0:4430", 5, "other.exe (PID 7)"),
    ("listening", "TCP 0.0.0.0:443", 6, "exvpngw.exe (PID 3320)"),
]


def material(folder: Path) -> Material:
    made = rule_examples.material(folder, [rule_examples.event()])
    facts = [MachineFact(key, LABELS[key], value, line, about) for key, value, line, about in FACTS]
    made.machine.append(MachineFacts(rule_examples.LOG, "netstat", facts))
    return made


def test_the_program_with_most_connections_is_told_with_its_line(tmp_path: Path) -> None:
    with (made := material(tmp_path)).events:
        fields, lines = ports.beside(EXHAUSTED, {}, made)
    assert fields == {"PortHolder": "MesGateway.exe (PID 4912)", "PortsHeld": "2000"}
    assert [line.locator.line for line in lines] == [30]


def test_who_waits_at_the_port_of_the_record_is_told(tmp_path: Path) -> None:
    with (made := material(tmp_path)).events:
        fields, lines = ports.beside(NOT_BOUND, {"Endpoint": "0.0.0.0:443"}, made)
        nobody = ports.beside(NOT_BOUND, {"Endpoint": "0.0.0.0:80"}, made)
    assert fields == {"PortListener": "exvpngw.exe (PID 3320)"}
    assert [line.locator.line for line in lines] == [6]
    assert nobody == ({}, ())
