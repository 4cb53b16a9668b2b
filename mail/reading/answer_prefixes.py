"""What mail programs put before the subject of an answer, or of what is passed on."""

import re

ANSWER_PREFIX = (
    r"(?:re|aw|sv|vs|fwd?|wg|tr|antw|回复|答复|回覆|转发|轉發|转寄|轉寄)"
    r"\s{0,2}(?:[\[(（]\d{1,3}[\])）])?\s{0,2}[:：]"
)
MAX_PREFIXES = 20
_PREFIX = re.compile(rf"\s{{0,4}}{ANSWER_PREFIX}", re.IGNORECASE)


def without_prefixes(subject: str) -> str:
    """The subject that was answered, or passed on."""
    for _ in range(MAX_PREFIXES):
        prefix = _PREFIX.match(subject)
        if prefix is None:
            break
        subject = subject[prefix.end() :]
    return subject
