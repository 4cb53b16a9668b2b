"""Who got in over remote desktop from an address that had guessed passwords there.

The guesses (140 of RdpCoreTS) name the address alone; the account stands in 21 and 25 (a session began, or
was taken up again). 1149 is no proof: without network level authentication it comes before the password.
Source: Microsoft, the manifest of TerminalServices-LocalSessionManager.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from engine.findings import Finding
from engine.material import Material
from engine.phrases import clock, joined, zone_name
from engine.rules.columns import expression
from engine.service_control import parse_time
from engine.text import Text, text
from engine.text_safety import legible, shortened

RULE: Final = "rdp-password-guessing"
AFTERWARDS: Final = 86_400.0
"""Seconds after the last guess in which a session from its address is told."""
MAX_NAMED, MAX_LENGTH = 5, 80
_BEGAN = "provider = 'Microsoft-Windows-TerminalServices-LocalSessionManager' AND event_id IN (21, 25)"


def with_entries(findings: Sequence[Finding], material: Material) -> list[Finding]:
    """The findings; of those about guesses over remote desktop each says who got in from the same address."""
    guessed = {
        place: finding.values["IPString"].strip()
        for place, finding in enumerate(findings)
        if finding.rule == RULE and finding.bursts and finding.values.get("IPString", "").strip()
    }
    told = list(findings)
    if not guessed:
        return told
    entered: dict[int, dict[str, float]] = {}
    for row in material.events.matching(_BEGAN, ["computer", expression("User"), expression("Address")]):
        computer, account, address = (str(value or "").strip() for value in row[4:])
        moment = parse_time(row[3])
        for place, guesser in guessed.items():
            finding = findings[place]
            if moment is None or not account or guesser != address:
                continue
            at, bursts = moment.timestamp(), finding.bursts
            here = material.machines.of(computer) == finding.computer
            if here and bursts[0].first <= at <= bursts[-1].last + AFTERWARDS:
                of_finding = entered.setdefault(place, {})
                if account in of_finding or len(of_finding) < MAX_NAMED:
                    of_finding.setdefault(account, at)
    for place, accounts in entered.items():
        said = _sentence(guessed[place], accounts, material)
        told[place] = replace(told[place], summary=joined([told[place].summary, said]))
    return told


def _sentence(address: str, accounts: dict[str, float], material: Material) -> Text:
    named = [
        (shortened(legible(account), MAX_LENGTH), clock(datetime.fromtimestamp(at, UTC), material.zone))
        for account, at in accounts.items()
    ]
    zh_zone, en_zone = zone_name(material.zone)
    shown = shortened(legible(address), MAX_LENGTH)
    zh = "、".join(f"{account}（{at}）" for account, at in named)
    en = ", ".join(f"{account} (at {at})" for account, at in named)
    return text(
        f"从第一次尝试到最后一次之后一天，从地址 {shown} 成功建立远程会话的账户：{zh}"
        f"（{zh_zone}，事件 21、25）。",
        f"From the first guess to a day after the last, sessions from {shown} began for {en} "
        f"({en_zone}; events 21, 25).",
    )
