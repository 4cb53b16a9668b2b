"""The words of which a question for the progress consists: of our work, of the case, of asking. A question
with any other is one to a person: of a service, or how she does something. Pure; linear patterns."""

import re

from cases.thread.patterns import either, words

_ZH = words("""
    请问 想问 问 想 了解 请 麻烦 烦请 帮忙 能否 可否 能不能 可不可以 能 可以 可 是否 方便 告知 告诉 反馈
    同步 更新 通报 回复 答复 说 讲 跟进 催 关注 沟通 询问 咨询 追 知会 一下 下 一 我们 我司 我 咱们 您们
    你们 您 你 贵司 贵方 这边 那边 这里 这 那 个 该 此 本 的 得 了 吗 呢 吧 嘛 么 啊 呀 哈 哦 再 还 案例
    案子 案件 工单 问题 事情 事 情况 状态 状况 进度 进展 结果 结论 消息 眉目 头绪 下文 音信 音讯 发现 原因
    报告 分析 处理 排查 调查 研究 定位 解决 修复 查明 等 提供 查 看 搞 弄 修 完成 完 好 清楚 明白 出来 出 到
    找 知道 什么 啥 怎么样 怎样 咋样 咋 如何 怎么 为何 哪 里 步 阶段 程度 地步 时候 何时 多久 哪天 几时 几点
    多长时间 几天 几 天 需要 需 要 会 才 大概 大约 预计 估计 左右 现在 目前 当前 最近 最新 最后 初步 进一步
    具体 新 有没有 有 没有 没 无 否 在 正在 人 已经 已 都 进行 技术 支持 工程师 老师 今天 明天 本周 这周 给
    把 得到 拿到 关于 有关 对于 就 上次 之前 提 您好 你好 谢谢 多谢 感谢 辛苦 现 目前是 现在是 空 后续 搞定
    为止 至今 中 种 样
    """)
_IS_ZH = r"是(?=什么(?:进度|进展|状态|阶段|状况)|到哪)"
_EN = words("""
    any some update updates news progress result results feedback word development developments finding
    findings information info luck response responses answer answers eta etas conclusion conclusions clue
    clues status state situation stage the a an our my your this that it its us me we i you they of for on
    with about regarding in to at from by as so far yet now today please kindly pls currently moment present
    right is are was be been has have had do does did can could will would may might should there here what
    how where when case ticket issue problem request matter analysis investigation incident inquiry topic
    support open above current latest new further recent other good quick short brief follow following
    followup up just check checking asking ask wondering wonder inquire know advise confirm share tell let
    give send provide need like get got appreciate inform hear heard find found make made out anything
    something thing things everything anyone anybody somebody someone working work looking look looked
    checked into going coming progressing proceeding moving standing doing stand happening chance time
    opportunity analyse analyze review root cause reason solution solve solved fix fixed resolve resolved
    report ready done finish finished complete completed available expect expected long longer much more
    many days until take takes still already all and or no number id side if team sir madam hello hi dear
    everyone thanks thank back am s m re ve ll d expecting able along writing actual
    """)
_KNOWN = re.compile(rf"{_ZH}|{_IS_ZH}|\b(?:{_EN})\b|\b[a-z]{{2,5}}-[\w-]{{3,20}}|[\W_]+")
_HOW_TO = re.compile(
    either(r"""
    (?:如何|怎么(?!样)|怎样|咋(?!样))(?![了说还没呢啊呀吗谢您辛])[一-龥a-z]|怎么?样(?:才|能|可以|去)
    看[到见]|需?要(?:什么|啥|哪)|^(?:请问)?[这那]个?是
    \bhow (?:to|(?:do|can|could|should|would|must|may) (?:i|we|one))\b|\b(?:should|must|shall) (?:i|we)\b
    \bdo (?:i|we) (?:need|have to)\b
    \bwhen (?:can|do|may|could) (?:i|we) (?!expect|get|have|hear|know|receive|be)
    \bhow (?:is|are|was) (?:it|this|that) (?:done|made|found|solved|fixed|resolved)
    \bhow (?:long|many days|much time) (?:does|do) it\b|\bget an? update of\b
    """)
)
"""How she does something, or what it takes."""


def is_of_progress(sentence: str) -> bool:
    """Whether a sentence has no other words, and does not ask for a way to do something."""
    return not _KNOWN.sub("", sentence) and not _HOW_TO.search(sentence)
