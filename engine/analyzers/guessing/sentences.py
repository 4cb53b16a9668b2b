"""The sentences of the finding "very many failed sign-ins", in both languages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.phrases import clock, counted, joined, of_machine, zone_name
from engine.text import Text, text

MAX_NAMED = 5
"""Accounts, addresses and sign-ins that a sentence names."""


class Burst(Protocol):
    """What is told of one burst."""

    first: float
    last: float
    count: int


class Success(Protocol):
    """What is told of a sign-in afterwards."""

    @property
    def at(self) -> datetime: ...
    @property
    def account(self) -> str: ...
    @property
    def address(self) -> str: ...


class Successes(Protocol):
    """All sign-ins afterwards: how many of how many known, and the first of them."""

    known: int
    many: int

    @property
    def first(self) -> Sequence[Success]: ...


@dataclass(frozen=True)
class Story:
    """The bursts of one machine with the accounts and addresses of all; ``machine`` is named where there are
    several."""

    bursts: Sequence[Burst]
    accounts: Counter[str]
    addresses: Counter[str]
    successes: Successes
    zone: ZoneInfo
    machine: str = ""


def title(story: Story) -> Text:
    """The worst burst in one line."""
    worst = max(story.bursts, key=lambda burst: burst.count)
    minutes = int((worst.last - worst.first) // 60) + 1
    return text(
        f"{minutes:,} 分钟内登录失败 {worst.count:,} 次",
        f"{worst.count:,} failed sign-ins within {counted(minutes, 'minute')}",
    )


def summary(story: Story) -> Text:
    """How often, when, which accounts, from where, and whether one got in."""
    named = [of_machine(story.machine)] if story.machine else []
    return joined([*named, _counts(story), meaning(story)])


def meaning(story: Story) -> Text:
    """Whose passwords, from where, and what came of it."""
    successes = _successes(story)
    return joined([_accounts(story), _addresses(story), *([successes] if successes else [])])


def advice() -> Text:
    """What to do next."""
    return text(
        "请先确认来源地址属于谁：不明或来自外网的，请立即封锁，并关闭对外开放的远程桌面和文件共享；"
        "若有登录成功的记录，请立即修改该账户的密码，并检查其后的操作。"
        "来源是自己的电脑或服务器的，请查找其中保存了旧密码的服务、任务或程序。",
        "Find out first whose the addresses are. If unknown or outside, block them at once and close remote "
        "desktop and file sharing to the outside; where a sign-in succeeded, change that account's password "
        "at once and look at what was done afterwards. If it is a machine of your own, look there for a "
        "service, task or program that keeps an old password.",
    )


def utc(seconds: float) -> str:
    """UTC text as results have it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _counts(story: Story) -> Text:
    zh_zone, en_zone = zone_name(story.zone)
    count = sum(burst.count for burst in story.bursts)
    first, last = (
        clock(datetime.fromtimestamp(at, UTC), story.zone)
        for at in (story.bursts[0].first, story.bursts[-1].last)
    )
    many = len(story.bursts)
    return text(
        f"{first} 至 {last}（{zh_zone}）之间有 {count:,} 次登录失败（事件 4625）"
        f"{f'，分 {many:,} 段集中出现' if many > 1 else ''}。",
        f"{count:,} sign-ins failed (event 4625) between {first} and {last} ({en_zone})"
        f"{f', in {many:,} bursts' if many > 1 else ''}.",
    )


def _accounts(story: Story) -> Text:
    zh, en = _named(story.accounts)
    many = len(story.accounts)
    if not many:
        return text("记录中没有账户名。", "The records name no account.")
    return text(f"涉及 {many:,} 个账户：{zh}。", f"They concern {counted(many, 'account')}: {en}.")


def _addresses(story: Story) -> Text:
    zh, en = _named(story.addresses)
    many = len(story.addresses)
    if not many:
        return text("记录中没有其他电脑的地址。", "The records hold no address of another machine.")
    addresses = "address" if many == 1 else "addresses"
    return text(f"来自 {many:,} 个地址：{zh}。", f"They came from {many:,} {addresses}: {en}.")


def _successes(story: Story) -> Text | None:
    if many := story.successes.many:
        shown = [
            (success.account, clock(success.at, story.zone), success.address)
            for success in story.successes.first
        ]
        zh = "、".join(f"{account}（{at}，来自 {address}）" for account, at, address in shown)
        en = "; ".join(f"{account} (at {at} from {address})" for account, at, address in shown)
        more = many > len(shown)
        return text(
            f"此后一天内，这些地址登录成功 {many:,} 次（事件 4624）：{zh}{' 等' if more else ''}。",
            f"In the day after, {counted(many, 'sign-in')} from these addresses succeeded (event 4624): "
            f"{en}{' and more' if more else ''}.",
        )
    if not story.successes.known:
        return text(
            "日志中没有登录成功的记录（事件 4624），因此不能判断是否有人得手。",
            "The logs hold no successful sign-in (event 4624): whether one succeeded cannot be told.",
        )
    if not story.addresses:
        return None
    return text(
        "日志中没有这些地址此后一天内登录成功的记录（事件 4624）。",
        "The logs hold no successful sign-in (event 4624) from these addresses in the day after.",
    )


def _named(counts: Counter[str]) -> tuple[str, str]:
    """The commonest with their counts, in both languages."""
    most = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:MAX_NAMED]
    more = len(counts) > len(most)
    zh = "、".join(f"{name[:60]}（{count:,} 次）" for name, count in most) + (" 等" if more else "")
    en = ", ".join(f"{name[:60]} ({count:,})" for name, count in most) + (" and more" if more else "")
    return zh, en
