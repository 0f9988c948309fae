"""One batch of a run: its numbers are taken out, screened outside any transaction, and what was said is written in.

A worker that dies between the two leaves cases in screening, which the next one takes up again; a case that is open is
never opened twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CasesTogether
from anmi.casework.debtors.models import PHONE, Phone
from anmi.casework.opening import repository
from anmi.casework.opening.events import OpeningEnded, OpeningProgressed
from anmi.casework.opening.models import CaseOpeningRun
from anmi.casework.opening.service import TOPIC, Opening
from anmi.core.calendar import in_china
from anmi.core.case_life import Event, State
from anmi.core.case_stages import Stages, read_stages
from anmi.core.delinquency import BucketTable, days_past_due, read_buckets
from anmi.core.money import Money
from anmi.core.number_origin import origin_of
from anmi.core.number_screening import Reach, is_known_better, reach_of, valid_for
from anmi.core.number_state import NumberState
from anmi.core.opening import OpeningFacts, OpeningRule, open_case
from anmi.core.phone_number import PhoneNumber
from anmi.core.ports.number_screening import NumberAnswer
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

SIZE: Final = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Cases to be opened, and the numbers about which a vendor is to be asked."""

    case_ids: Sequence[UUID]
    numbers: Mapping[UUID, PhoneNumber]


async def take(unit: UnitOfWork, run_id: UUID) -> Batch | None:
    """Take the next cases of a run into screening; None when none is left, and the run has ended."""
    run = await repository.run(unit.session, run_id, held=True)
    if run is None or run.state != "running":
        return None
    case_ids = await repository.to_open(unit.session, run.placement_id, SIZE)
    if not case_ids:
        run.state, run.ended_at, run.version = "done", unit.now, run.version + 1
        unit.announce(OpeningEnded(run.id, run.placement_id), TOPIC)
        return None
    together = CasesTogether(unit)
    cases = await together.hold(case_ids)
    debtor_ids = {case.debtor_id for case in cases}
    waiting = [case for case in cases if case.state is State.AWAITING_OPENING]
    await together.step(waiting, Event.SCREENING_STARTED, {})
    return Batch(case_ids, await _unchecked(unit, debtor_ids))


async def put(
    unit: UnitOfWork, run_id: UUID, batch: Batch, answers: Mapping[PhoneNumber, NumberAnswer], vendor: str
) -> None:
    """Write down what was said of the numbers, and open the cases."""
    run = await repository.run(unit.session, run_id, held=True)
    if run is None or run.state != "running":
        return
    await _write_answers(unit, batch, answers, vendor)
    together = CasesTogether(unit)
    cases = [case for case in await together.hold(batch.case_ids) if case.state in repository.TO_OPEN]
    if not cases:
        return
    opened = await _opened(unit, run, cases)
    changes = {row["case_id"]: {"stage": row["stage"], "priority": row["priority"]} for row in opened}
    await together.step(cases, Event.OPENED, changes)
    await repository.add_opened(unit.session, opened)
    counts = Counter(row["reach"] for row in opened)
    run.figures = {reach: run.figures.get(reach, 0) + counts[reach] for reach in Reach}
    run.cases_done += len(opened)
    run.cases_total = max(run.cases_total, run.cases_done)
    unit.announce(OpeningProgressed(run.id, run.placement_id, run.cases_done, run.cases_total), TOPIC)


async def _unchecked(unit: UnitOfWork, debtor_ids: set[UUID]) -> dict[UUID, PhoneNumber]:
    """Return the debtors' own mobiles about which nothing is known that still holds; suppressed ones are left alone."""
    rows = [
        phone
        for phone, is_suppressed in await repository.own_numbers(unit.session, debtor_ids)
        if not is_suppressed and not is_known_better(phone.state)
    ]
    known = await repository.checked(unit.session, [phone.id for phone in rows], unit.now)
    numbers = {phone.id: PhoneNumber.read(unit.open(PHONE, phone.number_sealed)) for phone in rows}
    return {
        phone_id: number
        for phone_id, number in numbers.items()
        if number is not None and number.is_mobile and phone_id not in known
    }


async def _write_answers(
    unit: UnitOfWork, batch: Batch, answers: Mapping[PhoneNumber, NumberAnswer], vendor: str
) -> None:
    checks: list[dict[str, Any]] = []
    for phone in await repository.held_phones(unit.session, batch.numbers.keys()):
        number = batch.numbers[phone.id]
        _write_origin(phone, number)
        answer = answers.get(number)
        if answer is None or is_known_better(phone.state):
            continue
        checks.append(
            {
                "id": new_id(),
                "tenant_id": unit.tenant_id,
                "phone_id": phone.id,
                "state": answer.state,
                "vendor": vendor,
                "raw_code": answer.raw_code,
                "is_right_party": answer.is_right_party,
                "checked_at": unit.now,
                "valid_until": unit.now + valid_for(answer.state),
            }
        )
        if answer.state is not NumberState.UNKNOWN:
            phone.state, phone.state_source, phone.state_at = answer.state, vendor, unit.now
        if answer.is_right_party is not None:
            phone.is_right_party = answer.is_right_party
    await repository.add_checks(unit.session, checks)
    await unit.session.flush()


def _write_origin(phone: Phone, number: PhoneNumber) -> None:
    if phone.carrier is None and phone.city is None:
        origin = origin_of(number)
        phone.carrier, phone.province, phone.city = origin.carrier, origin.province, origin.city


async def _opened(unit: UnitOfWork, run: CaseOpeningRun, cases: Sequence[Case]) -> list[dict[str, Any]]:
    session, debtor_ids = unit.session, {case.debtor_id for case in cases}
    states: dict[UUID, list[NumberState]] = {}
    for phone, is_suppressed in await repository.own_numbers(session, debtor_ids):
        if not is_suppressed:
            states.setdefault(phone.debtor_id, []).append(phone.state)
    product = await repository.product(session, cases[0].product_id)
    beginning = _Beginning(
        rules=await Opening(unit).read_rules(),
        stages=read_stages(product.stages) if product.stages else None,
        buckets=read_buckets(product.buckets),
        special=await repository.special(session, debtor_ids),
        linked=await repository.linked(session, [case.id for case in cases]),
        today=in_china(unit.now).date(),
    )
    return [
        {"id": new_id(), "tenant_id": unit.tenant_id, "run_id": run.id}
        | beginning.of(case, reach_of(states.get(case.debtor_id, [])))
        for case in cases
    ]


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What cases of one placement begin by."""

    rules: Sequence[OpeningRule]
    stages: Stages | None
    buckets: BucketTable
    special: set[UUID]
    linked: set[UUID]
    today: date

    def of(self, case: Case, reach: Reach) -> dict[str, Any]:
        """Return the beginning of one case."""
        dpd = days_past_due(case.overdue_on, self.today)
        facts = OpeningFacts(
            reach,
            self.buckets.bucket(dpd).code,
            dpd,
            Money(case.owing_fen),
            is_special=case.debtor_id in self.special,
            is_linked=case.id in self.linked,
            days_to_due_back=(case.due_back_on - self.today).days if case.due_back_on else None,
        )
        beginning = open_case(self.rules, facts, self.stages)
        return {
            "case_id": case.id,
            "reach": reach,
            "stage": beginning.stage,
            "priority": beginning.priority,
            "rules": list(beginning.rules),
        }
