"""Cases as callers see them: a line of a list, the whole case, and its diary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from anmi.casework.cases.listing import CaseRow
from anmi.casework.cases.models import ACCOUNT_NO, Account
from anmi.casework.cases.repository import bucket_table
from anmi.casework.debtors.models import NAME as DEBTOR_NAME
from anmi.casework.debtors.service import AddressView, DebtorView, PhoneView
from anmi.casework.tables import rate_table
from anmi.core.case_life import MAY, Capability, State
from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.core.delinquency import BucketTable, days_past_due
from anmi.core.masking import mask_card, mask_name
from anmi.core.money import Money
from anmi.core.permissions import Permission
from anmi.core.rate_regime import CreditorType, rate_cap_regime, warn
from anmi.core.rights import Reach
from anmi.identity.people.models import NAME as PERSON_NAME
from anmi.kit.unit_of_work import UnitOfWork

_STATES: Final = {state.value: state for state in State}
# The interest of consumer loans is counted by calendar days.
_DAYS_OF_YEAR = 365


class Named(NamedTuple):
    """A thing around a case, named. A page has hundreds of them, and a tuple is made the fastest."""

    id: UUID
    name: str


class CaseLine(NamedTuple):
    """A case as a list shows it. `bucket` and `dpd` are today's."""

    id: UUID
    serial_no: str
    debtor: Named
    city: str | None
    creditor: Named
    product: Named
    placement: Named
    state: State
    stage: str | None
    bucket: str
    dpd: int
    placed_fen: int
    owing_fen: int
    paid_fen: int
    priority: int
    holder: Named | None
    unit: Named | None
    is_held: bool
    is_special: bool
    days_to_due_back: int | None
    last_activity_at: datetime | None
    last_result: str | None
    next_action_at: datetime | None
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """One contract of debt, with the parts of what is owed."""

    id: UUID
    number_masked: str | None
    contract_no: str | None
    components: Mapping[str, int]
    owing_fen: int
    credit_limit_fen: int | None
    loan_on: date | None
    statement_day: int | None


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """The promise that stands on a case."""

    id: UUID
    amount_fen: int
    due_on: date
    received_fen: int
    taken_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class InstallmentLine:
    """One payment of the plan that stands."""

    number: int
    due_on: date
    amount_fen: int
    received_fen: int
    state: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """The payment plan that stands on a case."""

    id: UUID
    total_fen: int
    signed_on: date
    is_oral: bool
    installments: tuple[InstallmentLine, ...]


@dataclass(frozen=True, slots=True)
class ConcessionLine:
    """A concession of a case."""

    id: UUID
    kind: str
    state: str
    waived_fen: int
    payable_fen: int
    asked_at: datetime
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold that stands on a case."""

    id: UUID
    reason: HoldReason
    effect: Effect
    note: str
    until: date | None
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class FlagLine:
    """A special group the debtor belongs to."""

    id: UUID
    flag: str
    note: str
    flagged_at: datetime
    reviewed_until: date | None


@dataclass(frozen=True, slots=True)
class RateNotice:
    """The claim implies a higher yearly rate than the cap that may apply: a reason to look, no finding."""

    implied: str
    cap: str
    excess_fen: int
    source: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """The whole case, for the one who works it."""

    line: CaseLine
    placed_on: date
    due_back_on: date | None
    placed_bucket: str
    tier: int
    placement_state: str
    waived_fen: int
    limitation_on: date | None
    closing_reason: str | None
    closed_at: datetime | None
    debtor: DebtorView
    accounts: tuple[AccountView, ...]
    phones: tuple[PhoneView, ...]
    addresses: tuple[AddressView, ...]
    promise: PromiseLine | None
    plan: PlanLine | None
    concessions: tuple[ConcessionLine, ...]
    holds: tuple[HoldLine, ...]
    flags: tuple[FlagLine, ...]
    rate_notice: RateNotice | None
    capabilities: tuple[Capability, ...]
    linked_count: int


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that was written of a case; `facts` are the columns of its kind."""

    kind: str
    id: str
    at: datetime
    by: Named | None
    facts: Mapping[str, Any]


def may_see_name(unit: UnitOfWork, holder_id: UUID | None, unit_id: UUID | None) -> bool:
    """Whether the caller must be able to address the debtor: she holds the case, or works it."""
    return _addresses(unit.rights.of(Permission.CASES_WORK), unit.caller.person_id, holder_id, unit_id)


def _addresses(works: Reach, person_id: UUID | None, holder_id: UUID | None, unit_id: UUID | None) -> bool:
    return works.everything or (holder_id is not None and holder_id == person_id) or unit_id in works.unit_ids


def lines_of(unit: UnitOfWork, rows: Sequence[CaseRow], today: date) -> list[CaseLine]:
    """Show cases as a list does."""
    works, person_id = unit.rights.of(Permission.CASES_WORK), unit.caller.person_id
    holders = {row.holder_name for row in rows}
    people = {sealed: unit.open(PERSON_NAME, sealed) for sealed in holders if sealed is not None}
    buckets = {row.product_id: bucket_table(row.buckets) for row in rows if row.buckets is not None}

    def name_of(row: CaseRow) -> str:
        name = unit.open(DEBTOR_NAME, row.debtor_name)
        return name if _addresses(works, person_id, row.holder_id, row.unit_id) else mask_name(name)

    return [_line(row, name_of(row), people, buckets[row.product_id], today) for row in rows]


def _line(row: CaseRow, name: str, people: Mapping[bytes, str], buckets: BucketTable, today: date) -> CaseLine:
    dpd = days_past_due(row.overdue_on, today)
    return CaseLine(
        id=row.id,
        serial_no=row.serial_no,
        debtor=Named(row.debtor_id, name),
        city=row.city,
        creditor=Named(row.creditor_id, row.creditor_name),
        product=Named(row.product_id, row.product_name),
        placement=Named(row.placement_id, row.placement_code),
        state=_STATES[row.state],
        stage=row.stage,
        bucket=buckets.bucket(dpd).code,
        dpd=dpd,
        placed_fen=row.placed_fen,
        owing_fen=row.owing_fen,
        paid_fen=row.paid_fen,
        priority=row.priority,
        holder=Named(row.holder_id, people[row.holder_name]) if row.holder_id and row.holder_name else None,
        unit=Named(row.unit_id, row.unit_name) if row.unit_id and row.unit_name is not None else None,
        is_held=row.is_held,
        is_special=row.is_special,
        days_to_due_back=(row.due_back_on - today).days if row.due_back_on is not None else None,
        last_activity_at=row.last_activity_at,
        last_result=row.last_result,
        next_action_at=row.next_action_at,
        created_at=row.created_at,
        version=row.version,
    )


def person_named(unit: UnitOfWork, person_id: UUID | None, sealed: bytes | None) -> Named | None:
    """Name one of our people."""
    return Named(person_id, unit.open(PERSON_NAME, sealed)) if person_id is not None and sealed is not None else None


def account_view(unit: UnitOfWork, account: Account) -> AccountView:
    """Show an account by its last four."""
    number = unit.open(ACCOUNT_NO, account.number_sealed) if account.number_sealed is not None else None
    components = {
        column.removesuffix("_fen"): int(getattr(account, column))
        for column in sorted(Account.__table__.columns.keys())
        if column.endswith("_fen") and column != "credit_limit_fen"
    }
    return AccountView(
        id=account.id,
        number_masked=mask_card(number) if number else None,
        contract_no=account.contract_no,
        components=components,
        owing_fen=sum(components.values()),
        credit_limit_fen=account.credit_limit_fen,
        loan_on=account.loan_on,
        statement_day=account.statement_day,
    )


def rate_notice(accounts: Sequence[AccountView], creditor_kind: str, today: date) -> RateNotice | None:
    """Hold each claim against the cap of its lender and day; return the first that implies more.

    What was paid on the way is not known here, so only charges that still stand are counted: the warning errs low.
    """
    if creditor_kind not in set(CreditorType):
        return None
    for account in accounts:
        principal = Money(account.components["principal"])
        if account.loan_on is None or account.loan_on >= today or principal.fen <= 0:
            continue
        regime = rate_cap_regime(CreditorType(creditor_kind), account.loan_on, rate_table())
        if regime is None:
            continue
        charges = Money(max(account.owing_fen - principal.fen, 0))
        found = warn(regime, principal, charges, (today - account.loan_on).days, _DAYS_OF_YEAR)
        if found is not None:
            return RateNotice(_rate(found.implied), _rate(regime.cap), found.excess.fen, regime.source)
    return None


def capabilities_of(state: State) -> tuple[Capability, ...]:
    """Return what the state of a case allows, in the order of the catalogue."""
    return tuple(capability for capability in Capability if capability in MAY[state])


def _rate(value: Fraction) -> str:
    hundredths = round(value * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"
