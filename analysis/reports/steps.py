"""Advice as steps: what a reader does one after the other, and ticks."""

import re
from collections.abc import Iterable

NUMBER = re.compile(r"^\s{0,8}(?:[(（]?\d{1,3}[.．、)）](?!\d)|[-*•·])\s{0,8}")
"""What stands before a step: “2.”, “2、”, “(2)”, a dash or a dot."""


def steps_of(advice: str) -> list[str]:
    """The steps of an advice, without their numbers, in order.

    Where lines are numbered, one without a number belongs to the step above it, unless a blank line stands
    between them: then it is a step of its own (so earlier drafts put advice together). What stands before
    the first number is no step (``lead_of``). Where none is, each line is a step.
    """
    return _split(advice)[1]


def lead_of(advice: str) -> str:
    """What an advice says before its first numbered step."""
    return _split(advice)[0]


def numbered(steps: Iterable[str], first: int = 1) -> str:
    """Steps as a text whose ``steps_of`` they are."""
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=first))


def _split(advice: str) -> tuple[str, list[str]]:
    lines = [line.strip() for line in advice.splitlines()]
    if not any(NUMBER.match(line) for line in lines):
        return "", [line for line in lines if line]
    lead: list[str] = []
    steps: list[list[str]] = []
    above = ""
    for line in lines:
        if number := NUMBER.match(line):
            steps.append([line[number.end() :]])
        elif line and steps and above:
            steps[-1].append(line)
        elif line and steps:
            steps.append([line])
        elif line:
            lead.append(line)
        above = line
    return "\n".join(lead), [step for step in map("\n".join, steps) if step.strip()]
