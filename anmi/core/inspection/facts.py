"""What the facts and times of a call prove without a rule listening for words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Facts
from anmi.core.inspection.rules import Check, Known
from anmi.core.spoken_numbers import read_amounts, read_number

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")

# A proof is the turn it stands in, or None for the whole call, and the words or figures that show it.
Proof = tuple[int | None, str]

# Rule HOURS_BAN: GB/T 45251-2025, no dunning from 22:00 to 08:00 unless the debtor agreed.
_OPENS, _CLOSES = 8, 22
_ONE_YUAN: Final = 100
_DAYS: Final = re.compile(r"逾期(?:了|已经|已|有)*(\d+|[零一二两三四五六七八九十百]+)天")
_ACCOUNT: Final = re.compile(r"[\d零一二三四五六七八九幺]{10,19}")
_SPOKEN_DIGITS: Final = str.maketrans("零一二三四五六七八九幺", "01234567891")
_LONGEST_BACKCHANNEL: Final = 4


def proofs(rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    """Return what proves the violation `rule` looks for."""
    return _CHECKS[rule.check](rule, dialogue)


def allows(fact: str, facts: Facts) -> bool:
    """Tell whether a fact of the case makes lawful what a rule forbids."""
    return getattr(facts, fact) is True


def _hours(_rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    call = dialogue.call
    if call.started_at is None or call.facts.hours_agreed or call.facts.inbound:
        return
    local = call.started_at.astimezone(SHANGHAI)
    if not _OPENS <= local.hour < _CLOSES:
        yield None, f"{local:%Y-%m-%d %H:%M}"


def _effective_calls(rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    count = dialogue.call.facts.calls_today
    if count is not None and count > rule.limit and not dialogue.call.facts.inbound:
        yield None, f"当日有效通话 {count} 次"


def _attempts(rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    count = dialogue.call.facts.attempts_today
    if count is not None and count > rule.limit and not dialogue.call.facts.inbound:
        yield None, f"当日拨打 {count} 次"


def _amount(_rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    facts = dialogue.call.facts
    right = [sum_.fen for sum_ in (facts.owing, facts.due_now) if sum_ is not None]
    if facts.owing is None:
        return
    for place in dialogue.places(OUR_SIDE):
        heard = dialogue.heard[place]
        if "quotes_debt" not in heard.hits:
            continue
        quoted = [amount.money.fen for amount in read_amounts(heard.text) if amount.money]
        # The turn may break the sum down; it is wrong only when the right sum is nowhere in it.
        if quoted and not any(abs(fen - sum_) < _ONE_YUAN for fen in quoted for sum_ in right):
            yield place, heard.evidence("quotes_debt")


def _days_past_due(_rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    days = dialogue.call.facts.days_past_due
    for place in dialogue.places(OUR_SIDE) if days is not None else []:
        for match in _DAYS.finditer(dialogue.heard[place].text):
            said = read_number(match[1])
            # A day more or less is the day of the posting.
            if said is not None and abs(said - (days or 0)) > 1:
                yield place, dialogue.heard[place].quote(match.start(), match.end())


def _payee(_rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    known = tuple(re.sub(r"\D", "", account) for account in dialogue.call.facts.payee_accounts)
    for place in dialogue.places(OUR_SIDE) if known else []:
        heard = dialogue.heard[place]
        if "names_payee" not in heard.hits:
            continue
        for match in _ACCOUNT.finditer(heard.text):
            number = match[0].translate(_SPOKEN_DIGITS)
            if not any(account.endswith(number) or number.endswith(account) for account in known if account):
                yield place, heard.quote(match.start(), match.end())


def _silence(rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    for place in range(1, len(dialogue.turns)):
        before, after = dialogue.turns[place - 1], dialogue.turns[place]
        if before.end is None or after.start is None or dialogue.has(place - 1, "asks_to_wait"):
            continue
        if (gap := after.start - before.end) > rule.limit:
            yield place, f"静音 {gap:.0f} 秒"


def _overlap(rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    for place in dialogue.places(OUR_SIDE):
        turn = dialogue.turns[place]
        if turn.start is None or len(dialogue.heard[place].text) <= _LONGEST_BACKCHANNEL:
            continue
        for other in dialogue.places(THEIR_SIDE):
            theirs = dialogue.turns[other]
            if theirs.start is None or theirs.end is None or not theirs.start < turn.start < theirs.end:
                continue
            overlap = min(theirs.end, turn.end if turn.end is not None else theirs.end) - turn.start
            if overlap > rule.limit:
                yield place, f"抢话 {overlap:.1f} 秒：{turn.text}"


def _hangup(_rule: Known, dialogue: Dialogue) -> Iterator[Proof]:
    ours = dialogue.places(OUR_SIDE)
    if dialogue.call.facts.ended_by_agent and ours and not any(dialogue.has(place, "P12") for place in ours[-2:]):
        yield ours[-1], dialogue.turns[ours[-1]].text


_CHECKS: Final[dict[Check, Callable[[Known, Dialogue], Iterator[Proof]]]] = {
    Check.HOURS: _hours,
    Check.EFFECTIVE_CALLS: _effective_calls,
    Check.ATTEMPTS: _attempts,
    Check.AMOUNT: _amount,
    Check.DAYS_PAST_DUE: _days_past_due,
    Check.PAYEE: _payee,
    Check.SILENCE: _silence,
    Check.OVERLAP: _overlap,
    Check.HANGUP: _hangup,
}
