"""The codes of the case diary (催记): what was done, how it ended, what must be written down, and what follows.

Codes are each tenant's table; the seed follows the custom of the trade. What follows is named here and done by the
rooms upstairs: a code can ask for it, and never do it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from anmi.core.number_state import NumberState
from anmi.core.tables import names, rows


class ContactLevel(StrEnum):
    """Who was reached."""

    RIGHT_PARTY = "right_party"  # RPC 本人接听
    THIRD_PARTY = "third_party"  # TPC 第三方接听
    NO_CONTACT = "no_contact"  # NC 未接通
    SYSTEM = "system"  # written by the house itself, never chosen
    MESSAGE = "message"
    ACTION = "action"


class Field(StrEnum):
    """What can be demanded with a result."""

    PROMISE_AMOUNT = "promise_amount"
    PROMISE_DUE_ON = "promise_due_on"
    CLAIMED_AMOUNT = "claimed_amount"
    CLAIMED_ON = "claimed_on"
    CALL_BACK_AT = "call_back_at"
    DISPUTE_REASON = "dispute_reason"
    NEW_NUMBER = "new_number"
    NOTE = "note"


class Follow(StrEnum):
    """What follows from a result."""

    TAKE_PROMISE = "take_promise"
    CLAIM_PAYMENT = "claim_payment"
    PLAN_CALL_BACK = "plan_call_back"
    ASK_INSTALMENTS = "ask_instalments"
    ASK_CONCESSION = "ask_concession"
    HOLD_FOR_DISPUTE = "hold_for_dispute"
    HOLD_FOR_COMPLAINT = "hold_for_complaint"
    HOLD_FOR_HARDSHIP = "hold_for_hardship"
    HOLD_FOR_DECEASED = "hold_for_deceased"
    FLAG_ILLNESS = "flag_illness"
    FLAG_IMPRISONED = "flag_imprisoned"
    FLAG_LAWYER = "flag_lawyer"
    SUPPRESS_NUMBER = "suppress_number"
    STOP_THIRD_PARTY = "stop_third_party"


@dataclass(frozen=True, slots=True)
class ActionCode:
    """What was done: its code and labels."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ResultCode:
    """How it ended: who was reached, what must be given with it, and what follows."""

    code: str
    zh: str
    en: str
    levels: frozenset[ContactLevel]
    required: frozenset[Field]
    follows: frozenset[Follow]
    number_state: NumberState | None

    @property
    def may_be_chosen(self) -> bool:
        """Whether a person may choose it; the house writes its own codes itself."""
        return ContactLevel.SYSTEM not in self.levels

    def missing(self, given: Collection[Field]) -> tuple[Field, ...]:
        """Return what is still demanded, in the order of the form."""
        return tuple(field for field in Field if field in self.required and field not in given)


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A tenant's codes by their names."""

    version: str
    actions: Mapping[str, ActionCode]
    results: Mapping[str, ResultCode]

    def results_at(self, level: ContactLevel) -> tuple[ResultCode, ...]:
        """Return what may be chosen after reaching this level, in the order of the table."""
        return tuple(result for result in self.results.values() if level in result.levels and result.may_be_chosen)


_Code = TypeVar("_Code", ActionCode, ResultCode)

# A promise without a sum and a day is a word; a stop request that is not carried out is a breach (THIRD_STOP).
_DEMANDED_BY = {
    Follow.TAKE_PROMISE: frozenset({Field.PROMISE_AMOUNT, Field.PROMISE_DUE_ON}),
    Follow.CLAIM_PAYMENT: frozenset({Field.CLAIMED_AMOUNT, Field.CLAIMED_ON}),
    Follow.PLAN_CALL_BACK: frozenset({Field.CALL_BACK_AT}),
    Follow.HOLD_FOR_DISPUTE: frozenset({Field.DISPUTE_REASON}),
}


def read_code_table(data: Mapping[str, object]) -> CodeTable:
    """Build the table; raise ValueError naming a code that cannot be read, stands there twice or asks too little."""
    version = data.get("version")
    if not isinstance(version, str) or not version:
        raise ValueError("code table: a version is needed")
    actions = _by_code([_action(row) for row in rows(data.get("action"), "code table")])
    results = _by_code([_result(row) for row in rows(data.get("result"), "code table")])
    if not actions or not results:
        raise ValueError("code table: there are actions and results")
    return CodeTable(version, actions, results)


def _by_code(codes: Sequence[_Code]) -> Mapping[str, _Code]:
    table = {one.code: one for one in codes}
    if len(table) != len(codes):
        raise ValueError("code table: a code stands there twice")
    return table


def _action(row: Mapping[str, object]) -> ActionCode:
    match row:
        case {"code": str(code), "zh": str(zh), "en": str(en)} if code and zh and en:
            return ActionCode(code, zh, en)
        case _:
            raise ValueError(f"code table, {row.get('code')}: code, zh and en are needed")


def _result(row: Mapping[str, object]) -> ResultCode:
    words = _action(row)
    try:
        result = ResultCode(
            words.code,
            words.zh,
            words.en,
            frozenset(ContactLevel(name) for name in names(row.get("levels"), "levels")),
            frozenset(Field(name) for name in names(row.get("required", []), "required")),
            frozenset(Follow(name) for name in names(row.get("follows", []), "follows")),
            NumberState(str(row["number_state"])) if "number_state" in row else None,
        )
    except ValueError as error:
        raise ValueError(f"code table, {words.code}: {error}") from error
    if not result.levels:
        raise ValueError(f"code table, {words.code}: levels say who was reached")
    for follow in sorted(result.follows):
        if not _DEMANDED_BY.get(follow, frozenset()) <= result.required:
            raise ValueError(f"code table, {words.code}: {follow} takes more required fields")
    return result
