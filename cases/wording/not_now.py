"""What makes a clause no statement of how it is now: it supposes, asks, wishes or remembers. Pure; linear
patterns."""

import re

from cases.thread.patterns import either
from cases.wording.trouble import DENIES

SUPPOSED = re.compile(
    either(r"""
    如果|若|万一|要是|假如|倘若|一旦|的话|除非|担心|怕|避免|防止|以防|以免|免得|预防|希望|但愿|期待
    是否|是不是|会不会|有没有|有无|能否
    \b(?:if|in case|should|unless|until|whether|will|would|could|might|may(?! be closed)|maybe|perhaps)\b
    \b(?:avoid|prevent\w{0,3}|afraid|worried|hope|hopefully|wish)\b
    """)
)
"""What follows it is not said to be so."""
_BY_ORDER = (
    r"(?:^|[\n.,;:!]) ?(?:(?:so|and|but|then) )?"
    r"(?:is|are|was|were|has|have|does|did) (?:it|this|that|the|everything|all)\b"
)
ASKED_BY_ORDER = re.compile(_BY_ORDER)
"""“Is it fixed now”, without a mark."""
ASKED = re.compile(
    either(rf"""
    {_BY_ORDER}
    \?|吗|[么呢]$|何时|什么时候|怎[么样]|如何|需要|请(?!结)|想|(?<!刚)才|等(?![级等])|待|应该|也许|可能
    \b(?:how|what|why|when|once|needs?|want|please(?! close))\b
    \b(?:to|must|can) be (?!closed)
    """)
)
"""A clause with it asks, wishes or plans; of trouble it may tell nevertheless."""
DENIED = re.compile(
    r"没(?!有?问题)|未|不(?!客气)|别|无(?!(?:任何|其他)?问题)"
    r"|n't\b|\b(?:not|no|never|none|without|hardly|nothing|neither|nor)\b"
)

_LONG_AGO = re.compile(
    either(r"""
    (?<![和跟与同像如比照])(?:之前|以前|此前|先前|早先|原先|本来|原来)(?![的那这是您你]|如此|[说提发给]过?的)
    ^过去|曾经|曾(?=出现|发生|[有是])|[级启装理复新修换]前(?!的)
    (?<!\bas )(?<!\blike )(?<!\bthan )\bbefore\b(?! (?:lunch|noon|midnight|work|\d))
    \b(?:previously|formerly|originally|used to|in the past|had been)\b
    """)
)
_LATELY = re.compile(
    either(r"""
    昨[天日晚夜]|前(?:天|晚|几天|两天|阵子)|上(?:个?月|周|次)(?!的)|今早|[早上]午|早上|刚[才刚]|刚开始|一?开始[时还也]|起初|最初
    \b(?:yesterday|this morning|earlier|at first|initially|last (?:night|week|month|time))\b
    \b(?:an?|\d+) \w{1,10} ago\b
    """)
)
_AGAIN = re.compile(r"又|再次|再度|重新|回来|\b(?:again|c[ao]mes? back|is back)\b")
_STILL = re.compile(r"还是|仍|依然|依旧|照样|照旧|\bstill\b")


def is_remembered(clause: str) -> bool:
    """Whether it speaks of another time than now."""
    return _LONG_AGO.search(clause) is not None or _LATELY.search(clause) is not None


def is_past(trouble: str, *, is_over_later: bool) -> bool:
    """Whether trouble that a clause tells of is none of now. What happened long ago is none; where it
    came again, held on or is denied to be solved, and where it is of lately, a word below is needed that it
    is over; what came again lately counts whatever stands below."""
    came_again = _AGAIN.search(trouble) is not None
    if _LONG_AGO.search(trouble):
        return is_over_later or not (came_again or _STILL.search(trouble) or DENIES.search(trouble))
    return is_over_later and not came_again and _LATELY.search(trouble) is not None
