"""How people part: wishes, farewells, what they say when they are thanked: alternatives for ``simplified``
text in small letters, and the signs that say it. Pure; linear patterns."""

import re

from cases.thread.patterns import either, words

_GOES = words("""
    顺利 愉快 健康 快乐 安好 如意 兴隆 开心 好 有成 安康 幸福 顺心 吉祥 大吉 平安 圆满 欢乐 胜意 美满
    """)
_MATTERS = words("""
    工作 生活 身体 周末 双休日 节日 佳节 假期 假日 双节 生意 新年 新春 万事 元旦 春节 元宵 元宵节 端午
    端午节 五一 劳动节 中秋 中秋节 国庆 国庆节 圣诞 圣诞节 天天 心情 事业 合作 阖家 全家 诸事 旅途 生日
    """)
_WHOM = "您们|你们|您|你|大家|各位|贵公司|贵司"
_FIRST = r"(?:若|如|如果|以后|今后|之后|后续|下次|改天|回头)"
_NEED = r"(?:有(?:任何|其他|别的|什么|新的?)?(?:需要|需求|问题|疑问|情况|事情?)(?:的话)?)"
_YOU = r"(?:您们?|你们?)?"
_AGAIN = rf"(?:我们?|会|就|先)*+再(?:跟|和|与|向|找|来)?{_YOU}(?:联系|联络|请教|咨询|沟通){_YOU}"
CLOSINGS = rf"[谨顺敬恭]?祝(?:{_WHOM})?(?:好|商祺|安好|顺利|顺心|安)"
"""Stand above a name, below whatever was written."""
_TIMES = words("""
    day weekend evening week one time holiday holidays year christmas new_year vacation rest_of_the_day
    rest_of_the_week start_of_the_week trip
    """)
_GOOD = r"(?:nice|great|good|wonderful|lovely|pleasant|relaxing|happy)"
_FEAST = words("""
    new_year chinese_new_year lunar_new_year spring_festival mid_autumn_festival mid_autumn national_day
    holidays holiday easter thanksgiving weekend friday birthday
    """)
WISHES = either(rf"""
    [谨顺敬恭]?祝?(?:{_WHOM})?(?:{_MATTERS})(?:{_GOES})
    [谨顺敬恭]?祝(?:{_WHOM})?一切(?:{_GOES})|恭喜发财|恭贺新禧|新年好|过年好|心想事成|一帆风顺
    (?:have (?:yourself )?a|wish you a|enjoy your|enjoy the) (?:very )?(?:{_GOOD} )?(?:{_TIMES})
    (?:a )?(?:very )?(?:merry (?:christmas|xmas)|happy (?:{_FEAST})|season s greetings)
    (?:wish(?:ing)? you )?all the best|best wishes|good luck
    you too|same to you|likewise
    (?:frohe|schöne) (?:weihnachten|ostern|feiertage)|guten rutsch|(?:ein )?schönes wochenende
    (?:einen )?schönen (?:tag|abend|feierabend|urlaub)|(?:ein )?(?:frohes|gutes) neues jahr
    """)
"""Ask for nothing and answer nothing."""
PARTINGS = either(rf"""
    take care|(?:下次|改天|以后)?再见|再会|拜拜|后会有期|回见|回头见|晚安
    good ?bye|bye ?bye|bye|see you(?: soon)?|good night
    (?:talk|speak) soon|until next time
    (?:期待|希望|盼望)(?:以后|今后|下次|能|与您|继续|再次|再)*+合作
    (?:服务|态度)[很真]?好|(?:很|非常|十分)?满意|好评
    well done|(?:great|good|nice|excellent) (?:job|work|support|service)
    tschüss|auf wiedersehen|bis bald
    {_FIRST}{{0,2}}{_NEED}?{_AGAIN}|保持联系|常联系
    [您你]?太?客气[了啦]?|(?:不用|不必|不要|别|不)太?客气|应该的|不用谢|不谢|哪里哪里
    you (?:are|re) (?:very |most )?welcome|(?:it s |it is |it was )?my pleasure|don t mention it
    (?:it (?:is|was) )?a pleasure (?:working|doing business) with you|(?:nice|great) working with you
    """)
"""Ask for nothing; where a question waits they may be the answer: “改天再联系”, “应该的”."""
_SMILES = re.compile(
    r"[😀-😆😉-😎😘🙂🤗☺🥰🤩🥳👏💪🙌🎉🎊🎄🎁🎅🧧🏮🧨🎆🎇✨⭐🌟🌸🌷🌺🌻🎂🍻🍺🥂☕❤💖💕]+"
    r"|\[(?:微笑|愉快|呲牙|可爱|调皮|憨笑|嘿哈|耶|鼓掌|爱心|拥抱|太阳|咖啡|礼物|庆祝|烟花|爆竹|福|发|红包|加油|胜利)\]"
    r"|[:;]-?\)|\^_?\^"
)
_FROWNS = re.compile(
    r"[😐-😔😕😖😞-😥😨-😱😵🙁☹🤔🤨🤬🥺👎💩❌❓❗⚠🆘]|:'?-?\("
    r"|\[(?:流泪|大哭|发怒|抓狂|疑问|衰|弱|难过|尴尬|撇嘴)\]"
)


def in_words(text: str) -> str:
    """``text`` with words for its smiles and frowns; a frown is no courtesy."""
    return _FROWNS.sub(" frown ", _SMILES.sub(" all the best ", text))
