"""Why a rule cannot be used, in both languages: the readers say it in English, for the engineer.

A reason that is not here (of the YAML reader, of Python) is told in its own words.
"""

import re
from functools import cache

from engine.text import Text, text
from engine.text_safety import legible

CHINESE = {
    # The file and its documents.
    "the key anjuan is missing": "缺少 anjuan 键",
    "the file is larger than 1 MiB": "文件大于 1 MiB",
    "it holds no Sigma document": "其中没有 Sigma 文档",
    "only detections and correlations can be run, not filters": "只能运行检测和关联，不能运行筛选器",
    "a rule needs a detection": "规则缺少检测（detection）",
    "one file holds one rule: a detection, or a correlation with its detections": (
        "一个文件只能有一条规则：一项检测，或一项关联及其检测"
    ),
    "the action {} is not supported": "不支持动作（action）“{}”",
    "the rule names no log source": "规则没有写明日志来源（logsource）",
    "it is for {}, not for Windows": "规则针对的是 {}，不是 Windows",
    "the log source category {} is not known": "日志来源的类别“{}”未知",
    "the log source service {} is not known": "日志来源的服务“{}”未知",
    "the rule asks for more than {} values": "规则要查找的值超过 {} 个",
    "the field name {} cannot be looked up": "无法查找字段名“{}”",
    # The condition.
    "the detection has no condition": "检测没有条件（condition）",
    "the condition is too long for so many detections": "检测过多，条件过长",
    "the condition {} cannot be read": "条件“{}”无法读取",
    "the condition {} cannot be parsed: it ends too early": "条件“{}”不完整",
    "the condition {} cannot be parsed at {}": "条件“{}”在“{}”处无法解析",
    "the condition is nested deeper than {}": "条件的嵌套超过 {} 层",
    "the condition names the detection {}, which is not there": "条件引用了不存在的检测“{}”",
    "“{} of” is not supported: only “1 of”, “any of” and “all of”": (
        "不支持“{} of”，只支持“1 of”“any of”和“all of”"
    ),
    "the pattern {} of detections cannot be read": "检测名称的模式“{}”无法读取",
    "no detection is called like {}": "没有名称符合“{}”的检测",
    "Sigma's older aggregations (“| count() > 5”, “| near”) are not supported: a correlation says the same": (
        "不支持 Sigma 旧式的聚合（“| count() > 5”“| near”），请改用关联（correlation）"
    ),
    # Correlations.
    "the correlation cannot be read": "关联无法读取",
    "the correlation names no rules": "关联没有列出规则",
    "the correlation is of the rule {}, which is not in its file, or is a correlation itself": (
        "关联所引用的规则“{}”不在同一文件中，或本身就是关联"
    ),
    "correlations of the type {} are not supported, only {}": "不支持“{}”类型的关联，只支持 {}",
    "correlations of the type {} with this condition are not supported": "不支持带此条件的“{}”类型关联",
    "group-by is no list of fields": "group-by 不是字段的列表",
    "the aliases of the correlation cannot be read": "关联的别名（aliases）无法读取",
    "the condition of a correlation is one of lt, lte, gt, gte, eq and neq, and its field": (
        "关联的条件只能是“lt”“lte”“gt”“gte”“eq”“neq”之一及其字段"
    ),
    "a correlation counts up to a number": "关联的条件中缺少数字",
    "counting the values of several fields together is not supported": "不支持把几个字段的值合在一起计数",
    "value_count, and it alone, counts the values of a field": "只有 value_count 对字段的值计数，须写明字段",
    "the timespan {} cannot be read": "时间跨度“{}”无法读取",
    # Detections, their values and modifiers.
    "a detection is empty": "检测是空的",
    "a detection is nested deeper than {}": "检测的嵌套超过 {} 层",
    "a modifier stands twice": "修饰符重复",
    "the modifier {} is not known": "修饰符“{}”未知",
    "the modifier {} cannot follow {}": "修饰符“{}”不能跟在“{}”之后",
    "the modifier {} belongs to a regular expression: it stands behind re": (
        "修饰符“{}”属于正则表达式，必须跟在“re”之后"
    ),
    "the modifier {} is for ASCII text, unless base64 follows": (
        "修饰符“{}”只用于 ASCII 文本，除非其后是“base64”"
    ),
    "the modifier exists takes true or false for a field": "修饰符“exists”只接受字段的“true”或“false”",
    "the modifier exists stands alone": "修饰符“exists”不能与其他修饰符连用",
    "the modifier cidr stands alone": "修饰符“cidr”不能与其他修饰符连用",
    "the modifier fieldref takes the name of a field, with contains, startswith or endswith at most": (
        "修饰符“fieldref”的值是字段名，最多只能与“contains”“startswith”或“endswith”连用"
    ),
    "the modifier windash is for {} dashes in one value, not for {}": (
        "修饰符“windash”在一个值中最多处理 {} 个短横线，此处有 {} 个"
    ),
    "wildcards cannot stand in a value of the modifier {}": "修饰符“{}”的值中不能有通配符",
    "the placeholder in {} is not known: nothing is there for the modifier expand": (
        "“{}”中的占位符未知，修饰符“expand”没有可代入的内容"
    ),
    "the field {} has a map or a list for a value": "字段“{}”的值是映射或列表",
    "an empty value must belong to a field": "空值必须属于某个字段",
    "an item asks for more than {} values": "一项要查找的值超过 {} 个",
    "comparison with {}, which is no number": "与“{}”比较，但它不是数字",
    "{} is no network: {}": "“{}”不是网段",
    "a regular expression is a text": "正则表达式必须是文本",
    "the regular expression {} calls itself, which is not supported": "不支持调用自身的正则表达式：{}",
    "the regular expression {} cannot be read: {}": "正则表达式 {} 无法读取",
    "a regular expression of {} characters is longer than {}": "正则表达式有 {} 个字符，超过上限 {}",
}
"""By the English reason; ``{}`` is a value of the rule's, in the same order in both."""


def both(reason: str) -> Text:
    """A reason in both languages, safe to show."""
    for pattern, chinese in _patterns():
        if told := pattern.fullmatch(reason):
            return text(
                chinese.format(*(legible(value).strip("'\"") for value in told.groups())), legible(reason)
            )
    return text(f"规则文件无法使用（{legible(reason)}）", legible(reason))


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile("(.*)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
        for english, chinese in CHINESE.items()
    ]
