"""Follows the bargaining of a call and keeps what the debtor agreed to last: a day, a sum, and where each was said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.facts import SHANGHAI
from anmi.core.inspection.model import OUR_SIDE, Source, Speaker
from anmi.core.money import Money
from anmi.core.spoken_dates import SpokenDate, read_dates
from anmi.core.spoken_numbers import SpokenAmount, read_amounts

_PAYS: Final = re.compile(r"还|给|打|转|存|处理|到账|结清|凑|弄|付|交|搞定|清|汇|补|解决|安排|缴|拿")
_WILL: Final = re.compile(r"保证|一定|肯定|承诺|答应|没问题|说好|准时|说到做到")
_CANNOT: Final = re.compile(
    r"还不|给不|拿不出|凑不|弄不|没钱|没有钱|不可能|做不到|没办法|没法|不行|不还|不能|不够|来不及|悬|够呛|困难|不了|不起|不上|哪有|哪来|别想|不给|太多|太高|太快|不同意|不接受|不方便"
)
_PAST: Final = re.compile(
    r"还了|还过|已经|上个?月|上周|昨天|前天|之前(?:就|已)|刚还|都还|交了|打了|转了(?!再)|才还|借了|欠了|花了|扣了"
)
_ASKING: Final = re.compile(
    r"行不行|行吗|可以吗|可不可以|能不能|好吗|好不好|成不成|可以不|行不|能否|吗(?:[，。？！]|$)|能宽限|宽限"
)
_DOUBTFUL: Final = re.compile(
    r"再说|看情况|不一定|不保证|不确定|说不准|看看|可能|如果|要是|除非|万一|不敢保证|没准|等通知"
)
_OTHER_SUMS: Final = re.compile(
    r"(?:工资|欠|借|花|医药费|房贷|房租|车贷|收入|挣|赚|利息|本金|罚息|亏|押金|月供|学费|生活费|额度|总共|一共)[^，。？！还给付打转存]{0,6}$"
)
_OTHER_DAYS: Final = re.compile(r"账单日|出账|开庭|出院|手术|回来|打电话|打给|联系|再聊|再说")
_ALL: Final = re.compile(r"全部|全额|全还|一次性|剩下的|剩余的|都还(?!是|没)|所有的?|结清|还清|还完|整笔")
_RETRACTED: Final = re.compile(r"算了|(?:我|还是)?(?:真的)?还不(?:了|起|上)|不还了|反悔|刚才说的不算|没钱还|我不还")

# Between two days or two sums these leave open which of them is meant.
_OR: Final = re.compile(r"或者?(?:说|是)?|要么|要不|还是(?!要|得|会|能)|不然")
_STRONG_YES: Final = re.compile(
    r"^(?:嗯|恩|哦|啊|那|唉|哎|喂)?[，。]?(?:好|行|可以|没问题|成|ok|同意|中|要得|得|就这样|没毛病|一定|我尽快)(?!不)|我(?:答应|同意|会还|一定还|保证|按时)"
)
_WEAK_YES: Final = re.compile(r"^(?:嗯|恩|对|是|没错|哦|好|行|可以|成|ok|知道|明白|收到|确认|记住|记得|中|就)(?!不|吗)")
_CONFIRMS: Final = re.compile(
    r"确认|记录|登记|备注|约定|对吧|是吧|对吗|是吗|可以吗|行吗|好吗|没问题吧|行不行|可不可以|也就是|那就|约在|说好|定在|答应|承诺|能.{0,8}吗|行不|好不好"
)
_REFUSES: Final = re.compile(
    r"不行|不可以|不能|最晚|最迟|太晚|太久|太少|不够|申请不了|没有办法|不接受|不同意|必须|等不了"
)
_ASKS_WHEN: Final = re.compile(r"什么时候|哪天|几号|何时|哪一天|多久|啥时候|什么时间|周几")
_ASKS_HOW_MUCH: Final = re.compile(r"多少|几千|几百|什么金额|多大")


DAY: Final = "promise_date"
AMOUNT: Final = "promise_amount_fen"


@dataclass(frozen=True, slots=True)
class Promise:
    """A day and a sum as they stand in the conversation; each with the place it was said at."""

    day: date | None = None
    amount: Money | None = None
    sources: tuple[tuple[str, Source], ...] = ()
    doubtful: frozenset[str] = frozenset()
    """What was said in two ways, and left open between them."""

    def with_later(self, later: Promise) -> Promise:
        sources = dict(self.sources) | dict(later.sources)
        doubtful = (self.doubtful - dict(later.sources).keys()) | later.doubtful
        return Promise(later.day or self.day, later.amount or self.amount, tuple(sources.items()), doubtful)

    def beside(self, other: Promise) -> Promise:
        """Return it with everything in doubt that another says differently."""
        doubtful = set(self.doubtful)
        if self.day and other.day and self.day != other.day:
            doubtful.add(DAY)
        if self.amount and other.amount and self.amount != other.amount:
            doubtful.add(AMOUNT)
        return replace(self, doubtful=frozenset(doubtful))

    def __bool__(self) -> bool:
        return self.day is not None or self.amount is not None


NOTHING: Final = Promise()


@dataclass(slots=True)
class _Bargain:
    """Where the bargaining stands while the turns go by."""

    agreed: Promise = NOTHING
    proposed: Promise = NOTHING
    confirming: bool = False
    requested: Promise = NOTHING
    asked_when: bool = False
    asked_how_much: bool = False


def read_promise(dialogue: Dialogue) -> Promise:
    """Return what the debtor agreed to pay and when; nothing when there was no agreement."""
    bargain = _Bargain()
    for place, turn in enumerate(dialogue.turns):
        if turn.speaker in OUR_SIDE:
            _hear_us(bargain, dialogue, place)
        elif turn.speaker is Speaker.DEBTOR:
            _hear_debtor(bargain, dialogue, place)
    # A request that nobody turned down before the end was granted by silence.
    return bargain.agreed.with_later(bargain.requested)


def _hear_us(bargain: _Bargain, dialogue: Dialogue, place: int) -> None:
    text = dialogue.heard[place].text
    if bargain.requested:
        if not _REFUSES.search(text):
            bargain.agreed = bargain.agreed.with_later(bargain.requested)
        bargain.requested = NOTHING
    proposed = _terms(dialogue, place, text) if _PAYS.search(text) or _CONFIRMS.search(text) else NOTHING
    if proposed or not _CONFIRMS.search(text):
        bargain.proposed = proposed
    bargain.confirming = bool(_CONFIRMS.search(text))
    bargain.asked_when = bool(_ASKS_WHEN.search(text))
    bargain.asked_how_much = bool(_ASKS_HOW_MUCH.search(text))


def _hear_debtor(bargain: _Bargain, dialogue: Dialogue, place: int) -> None:
    text = dialogue.heard[place].text
    offered = _offer(bargain, dialogue, place, text)
    means_yes = bool(_STRONG_YES.search(text))
    says_yes = means_yes or (bargain.confirming and _WEAK_YES.search(text))
    if not offered and _CANNOT.search(text):
        bargain.proposed = NOTHING
        if _RETRACTED.search(text):
            bargain.agreed = NOTHING
        return
    if bargain.proposed and says_yes and not _DOUBTFUL.search(text):
        # A murmur at terms other than one's own may be a yes, or mere listening.
        proposed = bargain.proposed if means_yes else bargain.proposed.beside(bargain.agreed)
        bargain.agreed = bargain.agreed.with_later(proposed)
    if offered and _ASKING.search(text):
        bargain.requested = offered
    elif offered:
        bargain.agreed = bargain.agreed.with_later(offered)
    bargain.proposed = NOTHING


def _offer(bargain: _Bargain, dialogue: Dialogue, place: int, text: str) -> Promise:
    """Return what the debtor offers in this turn, leaving out what they call impossible, past or doubtful."""
    bargaining = bool(bargain.proposed or bargain.agreed or bargain.asked_when or bargain.asked_how_much)
    if not (_PAYS.search(text) or _WILL.search(text) or bargaining):
        return NOTHING
    offered = NOTHING
    for clause, start in _clauses(text):
        if _CANNOT.search(clause) or _PAST.search(clause) or _DOUBTFUL.search(clause):
            continue
        terms = _terms(dialogue, place, clause, start)
        offered = offered.with_later(terms.beside(offered) if _OR.match(clause) else terms)
    if offered.day is None and offered.amount is None:
        return NOTHING
    if offered.amount is None and not (_PAYS.search(text) or _WILL.search(text) or bargaining):
        return NOTHING
    return offered


def _terms(dialogue: Dialogue, place: int, text: str, start: int = 0) -> Promise:
    heard = dialogue.heard[place]
    terms = NOTHING
    opened = len(text)
    for spoken in sorted((*_days(dialogue, text), *_sums(dialogue, text)), key=lambda spoken: spoken.start):
        source = Source(place, heard.sentence(start + spoken.start, start + spoken.end))
        match spoken:
            case SpokenDate(day):
                later = Promise(day=day, sources=((DAY, source),))
            case SpokenAmount(amount):
                later = Promise(amount=amount, sources=((AMOUNT, source),))
        terms = terms.with_later(later.beside(terms) if _OR.search(text, opened, spoken.start) else later)
        opened = min(opened, spoken.end)
    return terms


def _days(dialogue: Dialogue, text: str) -> list[SpokenDate]:
    started_at = dialogue.call.started_at
    if started_at is None or _OTHER_DAYS.search(text):
        return []
    return read_dates(text, started_at.astimezone(SHANGHAI).date())


def _sums(dialogue: Dialogue, text: str) -> list[SpokenAmount]:
    sums = [spoken for spoken in read_amounts(text) if spoken.money and not _OTHER_SUMS.search(text[: spoken.start])]
    whole = _ALL.search(text)
    if not sums and whole and dialogue.call.facts.owing:
        return [SpokenAmount(dialogue.call.facts.owing, *whole.span())]
    return sums


def _clauses(text: str) -> list[tuple[str, int]]:
    return [(match[0], match.start()) for match in re.finditer(r"[^，。！？；]+[，。！？；]?", text)]
