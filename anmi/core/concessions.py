"""Relief that needs approval (减免): its life, who may approve how much, and when a collector may speak of it.

Every limit is a row of the tenant's table; what no row allows is refused. Some things may never be promised at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, cast

from anmi.core.concession_offers import Offer
from anmi.core.money import Money
from anmi.core.tables import names, rate, rows


class Kind(StrEnum):
    """What kind of relief is asked for."""

    PENALTY_WAIVER = "penalty_waiver"  # 罚息/违约金/滞纳金减免
    INTEREST_WAIVER = "interest_waiver"  # 利息减免
    FEE_WAIVER = "fee_waiver"  # 费用减免
    PRINCIPAL_WAIVER = "principal_waiver"  # 本金减免
    LUMP_SUM_SETTLEMENT = "lump_sum_settlement"  # 一次性结清减免
    INSTALMENT_RELIEF = "instalment_relief"  # 分期减免
    EXTENSION = "extension"  # 延期/展期
    PRINCIPAL_ONLY = "principal_only"  # 只还本金
    INTEREST_FREEZE = "interest_freeze"  # 停计利息
    CASE_WITHDRAWAL = "case_withdrawal"  # 扣案, may never be promised
    REPORT_WITHDRAWAL = "report_withdrawal"  # 撤报征信, may never be promised


NEVER_PROMISED: Final = frozenset({Kind.CASE_WITHDRAWAL, Kind.REPORT_WITHDRAWAL})


class State(StrEnum):
    """Where a concession stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    FIRST_REVIEW = "first_review"
    CREDITOR_REVIEW = "creditor_review"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    PERFORMING = "performing"
    COMPLETED = "completed"
    EXPIRED = "expired"
    BROKEN = "broken"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What happens to a concession."""

    SUBMITTED = "submitted"
    REVIEW_STARTED = "review_started"
    REVIEWED = "reviewed"  # one step of the approval path is signed, more follow
    SENT_TO_CREDITOR = "sent_to_creditor"
    APPROVED = "approved"
    REJECTED = "rejected"
    ACCEPTED = "accepted"  # the debtor agrees
    FIRST_PAID = "first_paid"
    COMPLETED = "completed"
    EXPIRED = "expired"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    PAYMENT_REVERSED = "payment_reversed"  # the money that completed it was none


STEPS: Final[dict[tuple[State, Event], State]] = {
    (State.DRAFT, Event.SUBMITTED): State.SUBMITTED,
    (State.SUBMITTED, Event.REVIEW_STARTED): State.FIRST_REVIEW,
    (State.FIRST_REVIEW, Event.REVIEWED): State.FIRST_REVIEW,
    (State.FIRST_REVIEW, Event.SENT_TO_CREDITOR): State.CREDITOR_REVIEW,
    (State.FIRST_REVIEW, Event.APPROVED): State.APPROVED,
    (State.CREDITOR_REVIEW, Event.APPROVED): State.APPROVED,
    (State.SUBMITTED, Event.REJECTED): State.REJECTED,
    (State.FIRST_REVIEW, Event.REJECTED): State.REJECTED,
    (State.CREDITOR_REVIEW, Event.REJECTED): State.REJECTED,
    (State.APPROVED, Event.ACCEPTED): State.EFFECTIVE,
    (State.APPROVED, Event.EXPIRED): State.EXPIRED,
    (State.EFFECTIVE, Event.FIRST_PAID): State.PERFORMING,
    (State.EFFECTIVE, Event.COMPLETED): State.COMPLETED,
    (State.EFFECTIVE, Event.EXPIRED): State.EXPIRED,
    (State.EFFECTIVE, Event.BROKEN): State.BROKEN,
    (State.PERFORMING, Event.COMPLETED): State.COMPLETED,
    (State.PERFORMING, Event.BROKEN): State.BROKEN,
    (State.COMPLETED, Event.PAYMENT_REVERSED): State.PERFORMING,
    (State.DRAFT, Event.WITHDRAWN): State.WITHDRAWN,
    (State.SUBMITTED, Event.WITHDRAWN): State.WITHDRAWN,
    (State.FIRST_REVIEW, Event.WITHDRAWN): State.WITHDRAWN,
    (State.CREDITOR_REVIEW, Event.WITHDRAWN): State.WITHDRAWN,
    (State.APPROVED, Event.WITHDRAWN): State.WITHDRAWN,
}
OVER: Final = frozenset({State.COMPLETED, State.EXPIRED, State.BROKEN, State.REJECTED, State.WITHDRAWN})
QUOTABLE: Final = frozenset({State.APPROVED, State.EFFECTIVE, State.PERFORMING})


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step the table does not know: the concession is over, or it does not stand where the step begins."""

    state: State
    event: Event
    reason: str


def step(state: State, event: Event) -> State | RefusedStep:
    """One concession, one event: where it stands now, or why the step is refused."""
    to = STEPS.get((state, event))
    if to is not None:
        return to
    return RefusedStep(state, event, "concession_is_over" if state in OVER else f"concession_is_{state}")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for: a kind, the offer it amounts to, and the number of instalments it is paid in."""

    kind: Kind
    offer: Offer
    instalments: int = 1


@dataclass(frozen=True, slots=True)
class Limit:
    """How far one role may sign one kind: a share of what is owed and a sum, whichever is reached first."""

    role: str
    kind: Kind
    share: Fraction
    amount: Money


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs in the agency, from the bottom up, and up to which share the creditor leaves the matter to us."""

    ladder: tuple[str, ...]
    limits: tuple[Limit, ...]
    delegated: Mapping[Kind, Fraction]
    most_instalments: int
    principal_is_ours: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalPath:
    """The roles that sign one after the other, and whether the creditor decides in the end."""

    roles: tuple[str, ...]
    creditor_decides: bool


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """Why nobody can approve it."""

    reason: str


def approval_path(request: Request, authority: Authority) -> ApprovalPath | RefusedRequest:
    """Say who must sign: every role from the bottom of the ladder up to the first whose limit covers the request."""
    if request.kind in NEVER_PROMISED:
        return RefusedRequest("may_never_be_promised")
    if not 1 <= request.instalments <= authority.most_instalments:
        return RefusedRequest("too_many_instalments")
    if request.offer.touches_principal and request.kind not in _MAY_TOUCH_PRINCIPAL:
        return RefusedRequest("kind_does_not_cover_principal")
    for height, role in enumerate(authority.ladder, start=1):
        if any(limit.role == role and _covers(limit, request) for limit in authority.limits):
            return ApprovalPath(authority.ladder[:height], _is_creditors(request, authority))
    return RefusedRequest("beyond_every_limit")


@dataclass(frozen=True, slots=True)
class Signature:
    """One reviewer's answer along the path."""

    role: str
    approves: bool


def next_event(path: ApprovalPath, signatures: Sequence[Signature]) -> Event | None:
    """Say what the signatures so far amount to; None while nobody has signed.

    Signatures come in the order of the path; raise ValueError for one that does not.
    """
    for expected, signature in zip(path.roles, signatures, strict=False):
        if signature.role != expected:
            raise ValueError(f"{signature.role} signed where {expected} is asked")
        if not signature.approves:
            return Event.REJECTED
    if len(signatures) > len(path.roles):
        raise ValueError("nobody signs after the last one asked")
    if len(signatures) < len(path.roles):
        return Event.REVIEWED if signatures else None
    return Event.SENT_TO_CREDITOR if path.creditor_decides else Event.APPROVED


@dataclass(frozen=True, slots=True)
class Grant:
    """What was granted in the end: the sum that settles the matter, and the last day it may be accepted or paid."""

    to_pay: Money
    valid_until: date


def may_quote(state: State, grant: Grant | None, today: date) -> bool:
    """Whether a collector may speak of it to the debtor: only of what is approved and has not expired."""
    return grant is not None and state in QUOTABLE and today <= grant.valid_until


def is_expired(state: State, grant: Grant | None, today: date) -> bool:
    """Whether the nightly sweep lets it expire: granted, not being paid off, and past its last day."""
    return grant is not None and state in {State.APPROVED, State.EFFECTIVE} and today > grant.valid_until


def lapse(state: State, grant: Grant | None, today: date, *, has_plan: bool) -> Event | None:
    """Say what the nightly sweep does to a concession past its last day; a plan is watched by its instalments."""
    if grant is None or today <= grant.valid_until or has_plan:
        return None
    if state is State.PERFORMING:
        return Event.BROKEN
    return Event.EXPIRED if is_expired(state, grant, today) else None


def read_authority(data: Mapping[str, object]) -> Authority:
    """Build an authority from a loaded table; raise ValueError naming the part that cannot be read."""
    match data:
        case {
            "ladder": ladder,
            "most_instalments": int(most),
            "principal_is_ours": bool(principal_is_ours),
            "delegated": dict(delegated),
            "limit": limit,
        } if most >= 1:
            roles = tuple(names(ladder, "concession table, ladder"))
            limits = tuple(_limit(row, roles) for row in rows(limit, "concession table, limit"))
            shares = {Kind(kind): _share(share) for kind, share in cast("dict[str, object]", delegated).items()}
            return Authority(roles, limits, shares, most, principal_is_ours)
        case _:
            raise ValueError(
                "concession table: ladder, most_instalments, principal_is_ours, delegated and limit are needed"
            )


def _limit(row: Mapping[str, object], ladder: tuple[str, ...]) -> Limit:
    match row:
        case {"role": str(role), "kind": str(kind), "share": share, "amount": str(amount)} if role in ladder:
            return Limit(role, Kind(kind), _share(share), Money.of(amount))
        case _:
            raise ValueError(f"concession table, limit of {row.get('role')}: a role of the ladder, kind, share, amount")


def _share(data: object) -> Fraction:
    share = rate(data, "concession table")
    if share > 1:
        raise ValueError(f"concession table: {data} is more than all")
    return share


_MAY_TOUCH_PRINCIPAL: Final = frozenset({Kind.PRINCIPAL_WAIVER, Kind.LUMP_SUM_SETTLEMENT, Kind.INSTALMENT_RELIEF})


def _covers(limit: Limit, request: Request) -> bool:
    waived = request.offer.waives.total
    return limit.kind is request.kind and waived <= limit.amount and request.offer.share_waived <= limit.share


def _is_creditors(request: Request, authority: Authority) -> bool:
    if request.offer.touches_principal and not authority.principal_is_ours:
        return True
    return request.offer.share_waived > authority.delegated.get(request.kind, Fraction(-1))
