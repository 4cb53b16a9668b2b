"""Which program holds the ports that a rule's finding is about, where the output of netstat lies beside.

A rule asks by naming ``{PortHolder}`` and ``{PortsHeld}`` (who has most connections), or ``{PortListener}``
(who waits at the port of the record) in its sentences. Where a bundle holds several machines nothing is told:
a list of connections does not say whose it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.analyzers.machine_state import cited
from engine.material import Material
from engine.parsers.machine_facts import MachineFact, MachineFacts
from engine.rules.rule_files import Rule
from engine.schema.evidence import Evidence

PORT = re.compile(r":([0-9]{1,5})(?:/|$)")
CLOSED: Final = "PID 0"
"""What connections have that are closed and wait for their end: no program's."""
FIELDS: Final = ("Address", "Endpoint", "UrlPrefix", "ToldAddress")
"""Fields of records that hold a port."""


def beside(
    rule: Rule, fields: Mapping[str, str], material: Material
) -> tuple[dict[str, str], tuple[Evidence, ...]]:
    """The fields that the rule asks for, and the lines that tell them."""
    asked = str(rule.conclusion["en"])
    if material.machines.several or not material.machine:
        return {}, ()
    held = (each for each in _facts(material, "connections") if each[1].about != CLOSED)
    if "{PortHolder}" in asked and (most := max(held, key=_count, default=None)):
        return {"PortHolder": most[1].about, "PortsHeld": str(_count(most))}, (cited(material, *most),)
    if "{PortListener}" in asked:
        ports = {port[1] for name in FIELDS if (port := PORT.search(fields.get(name, "")))}
        for facts, fact in _facts(material, "listening"):
            if fact.value.startswith("TCP") and fact.value.rpartition(":")[2] in ports:
                return {"PortListener": fact.about}, (cited(material, facts, fact),)
    return {}, ()


def _facts(material: Material, key: str) -> Iterator[tuple[MachineFacts, MachineFact]]:
    return ((facts, fact) for facts in material.machine for fact in facts.facts if fact.key == key)


def _count(told: tuple[MachineFacts, MachineFact]) -> int:
    number = told[1].value.partition(" ")[0]
    return int(number) if number.isdecimal() else 0
