"""What a short text says: thanks alone, that something arrived, that it is solved or not. Pure."""

import re
from collections.abc import Iterable, Iterator

from cases.thread.simplified import simplified
from cases.wording.in_part import is_over_in_part
from cases.wording.not_now import ASKED, ASKED_BY_ORDER, DENIED, SUPPOSED, is_remembered
from cases.wording.own_words import MARKED, own_words
from cases.wording.phrases import phrases_of
from cases.wording.trouble import NOT_AGAIN, SOLVED
from cases.wording.verdict import MAX_READ, clauses, is_unsolved, tells_of_trouble

MAX_SENTENCES = 60
MAX_THANKS_LENGTH = 200
"""Characters; whoever writes more has something to say."""

_SENTENCES = re.compile(r"[\n。!;]|,(?=[^ -~])|(?<=[^ -~]),|,(?= (?:but|and now|now)\b)|\.(?=\s|$)|(?<=\?)")
"""A Chinese clause stands alone; an English one may belong to what denies it."""
_IN_PART = re.compile(r"部分|一半|几乎|差不多|\b(?:far from|partly|partially|almost)\b")
_DENIAL = re.compile(r"no|nope|not yet|not really|not at all|[还并]?没有?|不是|否|不行")
"""A sentence of its own that takes back what stands beside it."""
_FIXED_SOMETHING = re.compile(
    r"^\W*(?:solved|fixed|resolved)\b(?!\W*(?:$|thanks?\b|thx|now|by|after|with|many|best|cheers|great))"
)


def is_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks, that something arrived, yes, or that it is solved; ``names`` of people
    may stand in it."""
    return bool(_said_alone(text, names))


def only_acknowledges(text: str, names: Iterable[str] = ()) -> bool:
    """Whether a post says only thanks or that something arrived: no answer to a question, as “yes” may be."""
    said = _said_alone(text, names) - {"wish"}
    return bool(said) and said <= {"thanks", "received"}


def reads_as(text: str) -> bool | None:
    """What a post says of the trouble: ``True`` that it is over, ``False`` that it is not, ``None`` where it
    says neither, both, or too much to be sure. By sentences: one that asks, supposes or denies says nothing;
    what is quoted never does."""
    written = own_words(text)
    if len(written) > MAX_READ:
        return None
    sentences = [sentence.strip() for sentence in _SENTENCES.split(written)][:MAX_SENTENCES]
    if any(map(_DENIAL.fullmatch, sentences)):
        return None
    said = {_of_sentence(sentence) for sentence in sentences}
    if is_unsolved(written):
        return False if False in said and True not in said and not is_over_in_part(written) else None
    return True if True in said and not MARKED.search(written) else None


def _of_sentence(sentence: str) -> bool | None:
    if ASKED.search(sentence) or SUPPOSED.search(sentence) or MARKED.search(sentence):
        return None
    if any(map(tells_of_trouble, clauses(sentence))):
        return False
    if (
        DENIED.search(NOT_AGAIN.sub(" – ", sentence))
        or _IN_PART.search(sentence)
        or _FIXED_SOMETHING.search(sentence)
        or is_remembered(sentence)
    ):
        return None
    return True if SOLVED.search(sentence) or "over" in (phrases_of(sentence) or ()) else None


def _said_alone(text: str, names: Iterable[str]) -> set[str]:
    """What a post consists of; nothing where it says more than thanks or that it is over, or asks."""
    written = own_words(text)
    if len(written) > MAX_THANKS_LENGTH or "?" in written or is_unsolved(written):
        return set()
    if ASKED_BY_ORDER.search(written) or MARKED.search(written):
        return set()
    for name in _parts(names):
        written = re.sub(rf"(?<![a-z]){re.escape(name)}(?![a-z])", " ", written)
    said = phrases_of(written)
    return said - {"beside"} if said and not said & {"waits", "pardon"} else set()


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Each name, and of one in letters each word of it: “Thanks, Alice”."""
    for name in names:
        name = simplified(name).lower().strip()
        yield from filter(None, [name, *(word for word in name.split() if len(word) > 1 and word.isascii())])
