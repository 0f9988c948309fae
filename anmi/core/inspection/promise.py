"""Follows the bargaining of a call and keeps what the debtor agreed to last: a day, a sum, and where each was said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.facts import SHANGHAI
from anmi.core.inspection.model import OUR_SIDE, Extracted, Source, Speaker
from anmi.core.money import Money
from anmi.core.spoken_dates import SpokenDate, read_dates
from anmi.core.spoken_numbers import SpokenAmount, read_amounts

_PAYS: Final = re.compile(r"还|给|打|转|存|处理|到账|结清|凑|弄|付|交|搞定|清|汇|补|解决|安排|缴|拿")
_WILL: Final = re.compile(r"保证|一定|肯定|承诺|答应|没问题|说好|准时|说到做到")
_CANNOT: Final = re.compile(
    r"还不|给不|拿不出|凑不|弄不|没钱|没有钱|不可能|做不到|没办法|没法|不行|不还|不能|不够|来不及|悬|够呛|困难|不了|不起|不上|哪有|哪来|别想|不给|太多|太高|太快|不同意|不接受|不方便"
)
_PAST: Final = re.compile(
    r"还的(?:[，。]|$)|还了|还过|已经|上个?月|上周|昨天|前天|之前(?:就|已)|刚还|都还|交了|打了|转了(?!再)|才还|借了|欠了|花了|扣了"
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
_OTHER_DAYS: Final = re.compile(r"账单日|出账|开庭|出院|手术|回来|打电话|打给|联系|再聊|再说|答复|回复|通知你")
_ALL: Final = re.compile(r"全部|全额|全还|一次性|剩下的|剩余的|都还(?!是|没)|所有的?|结清|还清|还完|整笔")
_RETRACTED: Final = re.compile(r"算了|(?:我|还是)?(?:真的)?还不(?:了|起|上)|不还了|反悔|刚才说的不算|没钱还|我不还")

# Between two days or two sums these leave open which of them is meant.
_OR: Final = re.compile(r"或者?(?:说|是)?|要么|要不|还是(?!要|得|会|能)|不然")
_STRONG_YES: Final = re.compile(
    r"^(?:嗯|恩|哦|啊|那|唉|哎|喂)?[，。]?(?:好|行|可以|没问题|成|ok|同意|中|要得|得|就这样|没毛病|一定|我尽快)(?!不)"
    r"|^能(?:的|啊|吧|[，。！]|$)|(?:^|[，。])(?:好|成)[的啊吧嘛呗]*(?:[，。！]|$)|(?<![不哪才么])(?:可以|行|没问题)[的啊吧嘛呗]*(?:[，。！]|$)|我(?:答应|同意|会还|一定还|保证|按时)"
)
_WEAK_YES: Final = re.compile(r"^(?:嗯|恩|对|是|没错|哦|好|行|可以|成|ok|知道|明白|收到|确认|记住|记得|中|就)(?!不|吗)")
_CONFIRMS: Final = re.compile(
    r"确认|核对|记录|登记|备注|约定|对吧|是吧|对吗|是吗|可以吗|行吗|好吗|没问题吧|行不行|可不可以|也就是|那就|约在|说好|定在|答应|承诺|能.{0,8}吗|行不|好不好"
)
_REFUSES: Final = re.compile(
    r"不行|不可以|不能|最晚|最迟|太晚|太久|太少|不够|申请不了|没有办法|不接受|不同意|必须|等不了"
)
_ASKS_WHEN: Final = re.compile(r"什么时候|哪天|几号|何时|哪一天|多久|啥时候|什么时间|周几|日期|哪日")
_ASKS_HOW_MUCH: Final = re.compile(r"多少|几千|几百|金额|多大|数目|几个")
# What somebody demanded of the debtor, what others owe her, and what she pays for her living is no offer of hers.
_NO_OFFER: Final = re.compile(
    r"(?:他|你|人|同事|的)们?[^，。]{0,4}(?:让|叫|逼|非要|要求)我|还我(?!们)|欠我|(?:给|找|跟)我(?:发|结|汇|还|借)"
    r"|(?:房租|房贷|车贷|学费|药费|水电|社保|保险|生活费|彩礼|份子|信用卡|花呗|别家|别的|手术|医院)[^，。]{0,8}(?:交|付|还|缴|给)"
    r"|没说|没答应|试试|借借看|(?:交|付)[^，。]{0,6}(?:押金|房租|学费|定金|药费)|(?:缓|延)(?:我)?(?:[一二两俩三四五六几半\d]+)个?月"
)
_ASKED_BACK: Final = re.compile(r"[？吧呢](?:$|。)")
_SCOFFS: Final = re.compile(r"开.{0,3}玩笑|做梦|想得美|抢钱|你说了算")
# A condition on what others do takes the firmness from all that follows; one of mere politeness does not.
_CONDITION: Final = re.compile(
    r"(?:如果|要是|除非|只要|万一|假如)(?!.{0,4}(?:可以|行|没问题|方便|没意外|没什么|不急))"
    r"|你们?(?:把|给我)[^，。]{0,8}(?:减|免|去掉|去了|抹|降)"
)
_AT_ONCE: Final = re.compile(
    r"(?:现在|马上|立刻|立马|这就|等一下|等会儿?|待会儿?|一会儿?|今晚|晚上|下午|中午)(?:我|就|再|回家|下班|回去|给|你们?|用|拿|手机|去|来|把|钱|操作|柜台|银行)*"
    r"(?:转(?!告|达)|操作|存|付|还款|还(?![在没是要有不得会可想])|打(?:过去|钱|款|给你)|处理|交)"
)


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


def is_repeated(dialogue: Dialogue, promised: Extracted) -> bool:
    """Tell whether we said the promised day and sum once more, after they were named."""
    day, amount = promised.promise_date, promised.promise_amount
    named = max((source.turn for name, source in promised.sources if name in {DAY, AMOUNT}), default=0)
    return (day is not None or amount is not None) and any(
        (day is None or any(spoken.day == day for spoken in _days(dialogue, dialogue.heard[place].text)))
        and (amount is None or any(spoken.money == amount for spoken in _sums(dialogue, dialogue.heard[place].text)))
        for place in dialogue.places(OUR_SIDE)
        if place >= named
    )


def _hear_us(bargain: _Bargain, dialogue: Dialogue, place: int) -> None:
    text = dialogue.heard[place].text
    if bargain.requested:
        if not _REFUSES.search(text):
            bargain.agreed = bargain.agreed.with_later(bargain.requested)
        bargain.requested = NOTHING
    proposes = any(sign.search(text) for sign in (_PAYS, _CONFIRMS, _ASKED_BACK))
    proposed = _terms(dialogue, place, text) if proposes else NOTHING
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
    if bargain.asked_how_much and bargain.proposed.day and read_amounts(text) and not _CANNOT.search(text):
        # Who names a sum for the day we asked about agrees to the day.
        offered = replace(bargain.proposed, amount=None).with_later(offered)
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
    if _SCOFFS.search(text):
        return NOTHING
    speaks_of_paying = bool(_PAYS.search(text) or _WILL.search(text) or bargaining)
    offered = NOTHING
    for clause, start in _clauses(text):
        if _CONDITION.search(clause):
            break
        if any(sign.search(clause) for sign in (_CANNOT, _PAST, _DOUBTFUL, _NO_OFFER)):
            continue
        terms = _terms(dialogue, place, clause, start)
        offered = offered.with_later(terms.beside(offered) if _OR.match(clause) else terms)
    # A day and a sum in one breath are an offer, even where no word speaks of paying.
    return offered if speaks_of_paying or (offered.day and offered.amount) else NOTHING


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
    today = started_at.astimezone(SHANGHAI).date()
    days = read_dates(text, today)
    if not days and (at_once := _AT_ONCE.search(text)):
        return [SpokenDate(today, *at_once.span())]
    return days


def _sums(dialogue: Dialogue, text: str) -> list[SpokenAmount]:
    sums = [spoken for spoken in read_amounts(text) if spoken.money and not _OTHER_SUMS.search(text[: spoken.start])]
    whole = _ALL.search(text)
    if not sums and whole and dialogue.call.facts.owing:
        return [SpokenAmount(dialogue.call.facts.owing, *whole.span(), dialogue.call.facts.owing)]
    return sums


def _clauses(text: str) -> list[tuple[str, int]]:
    return [(match[0], match.start()) for match in re.finditer(r"[^，。！？；]+[，。！？；]?", text)]
