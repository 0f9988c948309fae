"""The whole case, gathered for the one who works it."""

from __future__ import annotations

from uuid import UUID

from anmi.casework.cases import repository
from anmi.casework.cases.models import Case
from anmi.casework.cases.views import (
    CaseLine,
    CaseView,
    ConcessionLine,
    FlagLine,
    HoldLine,
    InstallmentLine,
    PlanLine,
    PromiseLine,
    account_view,
    capabilities_of,
    may_see_name,
    rate_notice,
)
from anmi.casework.debtors.service import Debtors
from anmi.core.calendar import in_china
from anmi.kit.unit_of_work import UnitOfWork


async def whole(unit: UnitOfWork, case: Case, line: CaseLine, linked_count: int) -> CaseView:
    """Gather everything around a case."""
    session, debtors, today = unit.session, Debtors(unit), in_china(unit.now).date()
    around = await repository.surroundings(session, case.placement_id, case.creditor_id)
    accounts = tuple(account_view(unit, account) for account in await repository.accounts(session, case.id))
    promise = await repository.open_promise(session, case.id)
    return CaseView(
        line=line,
        placed_on=case.placed_on,
        due_back_on=case.due_back_on,
        placed_bucket=case.bucket,
        tier=around.tier,
        placement_state=around.placement_state,
        waived_fen=case.waived_fen,
        limitation_on=case.limitation_on,
        closing_reason=case.closing_reason,
        closed_at=case.closed_at,
        debtor=await debtors.seen(case.debtor_id, today, in_full=may_see_name(unit, case.holder_id, case.unit_id)),
        accounts=accounts,
        phones=tuple(await debtors.phones(case.debtor_id)),
        addresses=tuple(await debtors.addresses(case.debtor_id)),
        promise=PromiseLine(**promise) if promise is not None else None,
        plan=await _plan(unit, case.id),
        concessions=tuple(ConcessionLine(**row) for row in await repository.concessions(session, case.id)),
        holds=tuple(HoldLine(**row) for row in await repository.holds(session, case.id)),
        flags=tuple(FlagLine(**row) for row in await repository.flags(session, case.debtor_id)),
        rate_notice=rate_notice(accounts, around.creditor_kind, today),
        capabilities=capabilities_of(case.state),
        linked_count=linked_count,
    )


async def _plan(unit: UnitOfWork, case_id: UUID) -> PlanLine | None:
    plan = await repository.plan(unit.session, case_id)
    if plan is None:
        return None
    parts = await repository.installments(unit.session, plan["id"])
    return PlanLine(**plan, installments=tuple(InstallmentLine(**part) for part in parts))
