"""Which of our languages a Windows language is.

Source: Microsoft, [MS-LCID] (primary language in the low ten bits: 0x04 Chinese, 0x09 English).
"""

import re

CHINESE, ENGLISH, OTHER = "zh-hans", "en", "other"

CHINESE_SIGN = re.compile("[\u201c\u201d\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
"""A character or mark of Chinese: no blank stands between two of them."""


def of_name(name: str) -> str:
    """Of a culture's name such as ``zh-CN`` or ``en-US``."""
    start = name.strip().casefold().partition("-")[0]
    return {"zh": CHINESE, "en": ENGLISH}.get(start, OTHER)


def of_number(number: int, content: str) -> str:
    """Of a resource's language number; of the neutral language ``said`` tells."""
    match number & 0x3FF:
        case 0x04:
            return CHINESE
        case 0x09:
            return ENGLISH
        case 0x00:
            return CHINESE if any("\u4e00" <= sign <= "\u9fff" for sign in content) else ENGLISH
    return OTHER
