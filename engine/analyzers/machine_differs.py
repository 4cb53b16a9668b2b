"""Files that tell of another machine than the event logs: they explain nothing of what these logs hold."""

from engine.analyzers.machine_state import cited
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.material import Material
from engine.parsers.machine_facts import MachineFact, MachineFacts
from engine.schema.facts import Facts
from engine.text import text
from engine.text_safety import legible

RULE = "machine-differs"
NETBIOS_LENGTH = 15
"""Some tools write the computer's name cut to this many characters."""
MAX_NAMED = 5


def examine(material: Material) -> Outcome:
    """One finding for each file that names a machine of which no event log is here."""
    named = [(facts, fact) for facts in material.machine for fact in facts.facts if fact.key == "computer"]
    if not named or not material.machines.names:
        return NotExamined(
            text(
                "材料中没有同时包含事件日志和写有电脑名称的文件。",
                "The bundle does not hold both event logs and a file that names its computer.",
            )
        )
    known = {
        _short(spelling)
        for machine in material.machines.names
        for spelling in material.machines.computers(machine)
    }
    findings = [_finding(material, facts, fact) for facts, fact in named if _short(fact.value) not in known]
    return Examined(tuple(findings), records=len(named))


def _short(name: str) -> str:
    """A name without its domain, as it is compared."""
    return name.strip().partition(".")[0].casefold()[:NETBIOS_LENGTH]


def _finding(material: Material, facts: MachineFacts, fact: MachineFact) -> Finding:
    name, machines = legible(fact.value), material.machines.names
    more = len(machines) - MAX_NAMED
    zh = "、".join(machines[:MAX_NAMED]) + (f" 等 {len(machines):,} 台电脑" if more > 0 else "")
    en = ", ".join(machines[:MAX_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    file = legible(facts.artifact.rpartition("/")[2])
    return Finding(
        rule=RULE,
        severity=Severity.LOW,
        title=text(f"{file} 来自另一台电脑 {name}", f"{file} is of another machine, {name}"),
        summary=text(
            f"事件日志来自 {zh}，其中没有 {name} 的记录；该文件中的内容不能用来说明这些日志里的问题。",
            f"The event logs are of {en} and hold no record of {name}: what this file says does not explain "
            "what happened there.",
        ),
        advice=text(
            f"请确认出问题的是哪一台电脑：如果是 {name}，请上传它的事件日志；"
            "如果不是，请在出问题的电脑上重新采集该文件。",
            f"Find out which machine has the trouble: if it is {name}, send its event logs; if not, capture "
            "this file anew on the machine that has.",
        ),
        evidence=(cited(material, facts, fact),),
        fingerprint=fingerprint(RULE, _short(fact.value)),
        data=Facts(name=name),
    )
