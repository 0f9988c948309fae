"""The placements of the demo: creditors and products, and each case as it was placed, opened and allocated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from anmi.casework.cases.models import ACCOUNT_NO, Account, Case
from anmi.casework.creditors.models import Creditor, CreditorTerms, Product
from anmi.casework.opening.models import CaseOpeningRun, OpenedCase
from anmi.casework.placements.models import Placement, PlacementState
from anmi.casework.tables import default_bucket_rows, default_stage_rows, limitation_table, opening_rule_rows
from anmi.core.case_life import Event, State
from anmi.core.case_stages import read_stages
from anmi.core.delinquency import days_past_due, read_buckets
from anmi.core.limitation import limitation_due
from anmi.core.money import Money
from anmi.core.number_screening import Reach
from anmi.core.opening import Opening, OpeningFacts, open_case, read_opening_rules
from anmi.entrypoints.demo_cases.batches import BATCHES, CREDITORS, TERMS, Batch
from anmi.entrypoints.demo_cases.debtors import Debtors, Drawn
from anmi.entrypoints.demo_cases.drawing import Drawing
from anmi.entrypoints.demo_cases.work import Work
from anmi.kit.ids import new_id


class Placing:
    """Draws placements with their cases, one after the other."""

    def __init__(self, draw: Drawing, collectors: Sequence[tuple[UUID, UUID]], operations_id: UUID) -> None:
        self.draw = draw
        self.collectors = collectors
        self.operations_id = operations_id
        self.debtors = Debtors(draw)
        self.work = Work(draw, operations_id)
        self.buckets = read_buckets(default_bucket_rows())
        self.stages = read_stages(default_stage_rows())
        self.rules = read_opening_rules(opening_rule_rows())

    def place_all(self) -> None:
        """Draw the whole demo."""
        products = {key: product for creditor in CREDITORS for key, product in self._creditor(*creditor)}
        for batch in BATCHES:
            self._placement(batch, *products[batch.creditor, batch.product])

    def _creditor(
        self, code: str, name: str, kind: str, debts: Sequence[tuple[str, str]]
    ) -> list[tuple[tuple[str, str], tuple[UUID, UUID]]]:
        creditor_id = new_id()
        self.draw.add(Creditor, id=creditor_id, code=code, name=name, kind=kind, state="active")
        since = self.draw.today - timedelta(days=365)
        self.draw.add(CreditorTerms, id=new_id(), creditor_id=creditor_id, effective_from=since, body=TERMS)
        products = {product: new_id() for product, _ in debts}
        tables = {"buckets": default_bucket_rows(), "stages": default_stage_rows()}
        for product, words in debts:
            self.draw.add(Product, id=products[product], creditor_id=creditor_id, code=product, name=words, **tables)
        return [((code, product), (creditor_id, product_id)) for product, product_id in products.items()]

    def _placement(self, batch: Batch, creditor_id: UUID, product_id: UUID) -> None:
        placed_on = self.draw.today - timedelta(days=batch.days_ago)
        placement_id, run_id = new_id(), new_id()
        dates = {"placed_on": placed_on, "due_back_on": placed_on + timedelta(days=90)}
        owner = {"creditor_id": creditor_id, "product_id": product_id}
        reaches: Counter[Reach] = Counter()
        placed = 0
        for number in range(batch.cases):
            debtor = self.debtors.next()
            serial_no = f"{batch.code}-{number + 1:05d}"
            facts = {"placement_id": placement_id, "serial_no": serial_no, **owner, **dates}
            placed += self._case(batch, facts, debtor, run_id)
            reaches[debtor.reach] += 1
        self.draw.add(
            Placement,
            id=placement_id,
            code=batch.code,
            tier=batch.tier,
            state=PlacementState.ACTIVE,
            created_at=self.draw.at(placed_on, 9),
            created_by=self.operations_id,
            cases_count=batch.cases,
            placed_fen=placed,
            **owner,
            **dates,
        )
        if batch.is_opened:
            self._opening_run(run_id, placement_id, placed_on, reaches)

    def _opening_run(self, run_id: UUID, placement_id: UUID, placed_on: date, reaches: Counter[Reach]) -> None:
        started_at = self.draw.at(placed_on, 10)
        self.draw.add(
            CaseOpeningRun,
            id=run_id,
            placement_id=placement_id,
            state="done",
            cases_total=reaches.total(),
            cases_done=reaches.total(),
            figures={reach: reaches[reach] for reach in Reach},
            started_at=started_at,
            started_by=self.operations_id,
            ended_at=started_at + timedelta(minutes=6),
            fault=None,
        )

    def _case(self, batch: Batch, facts: dict[str, Any], debtor: Drawn, run_id: UUID) -> int:
        case_id, account_id, placed_on = new_id(), new_id(), facts["placed_on"]
        code = self.draw.dice.choice(batch.buckets)
        bucket = next(row for row in self.buckets.rows if row.code == code)
        days_late = self.draw.dice.randint(bucket.min_dpd, bucket.max_dpd or bucket.min_dpd + 200)
        overdue_on = placed_on - timedelta(days=days_late)
        account = self._debt()
        placed = sum(account.values())
        state, holder = self._stand(batch)
        opening = self._open(batch, facts, debtor, overdue_on, placed)
        case = {
            "id": case_id,
            "debtor_id": debtor.debtor_id,
            "bucket": code,
            "state": state,
            "stage": opening.stage,
            "priority": opening.priority,
            "holder_id": holder and holder[0],
            "unit_id": holder and holder[1],
            "overdue_on": overdue_on,
            "limitation_on": limitation_due(overdue_on, (), limitation_table()),
            "placed_fen": placed,
            "owing_fen": placed,
            "paid_fen": 0,
            "waived_fen": 0,
            "last_activity_at": None,
            "last_result": None,
            "next_action_at": None,
            "closing_reason": None,
            "closed_at": None,
            "facts_sealed": None,
            "created_at": self.draw.at(placed_on, 9),
            **facts,
        }
        self._steps(case, placed_on)
        if holder is not None and batch.is_worked:
            self.work.on(case, account_id, account, holder[0], debtor.phone_id)
        self.draw.add(Case, **case)
        self._account(case, account_id, account)
        if batch.is_opened:
            found = {"reach": debtor.reach, "stage": opening.stage, "priority": opening.priority}
            self.draw.add(OpenedCase, id=new_id(), run_id=run_id, case_id=case_id, rules=list(opening.rules), **found)
        return placed

    def _debt(self) -> dict[str, int]:
        principal = self.draw.dice.randint(1_500, 48_000) * 100 + self.draw.dice.randint(0, 99)
        return {
            "principal_fen": principal,
            "interest_fen": principal * self.draw.dice.randint(20, 90) // 1000,
            "penalty_fen": principal * self.draw.dice.randint(5, 40) // 1000,
            "fee_fen": self.draw.dice.choice((0, 0, 5_000, 10_000)),
        }

    def _open(self, batch: Batch, facts: dict[str, Any], debtor: Drawn, overdue_on: date, placed: int) -> Opening:
        """Return how a case was opened: by the usual rules, on the day it came."""
        if not batch.is_opened:
            return Opening(None, 0, ())
        dpd = days_past_due(overdue_on, facts["placed_on"])
        seen = OpeningFacts(
            reach=debtor.reach,
            bucket=self.buckets.bucket(dpd).code,
            dpd=dpd,
            owing=Money(placed),
            is_linked=debtor.is_linked,
            days_to_due_back=(facts["due_back_on"] - facts["placed_on"]).days,
        )
        return open_case(self.rules, seen, self.stages)

    def _stand(self, batch: Batch) -> tuple[State, tuple[UUID, UUID] | None]:
        """Draw where a case stands, and who holds it."""
        if not batch.is_opened:
            return State.AWAITING_OPENING, None
        if self.draw.dice.random() < (0.06 if batch.is_worked else 0.4):
            return State.AWAITING_ALLOCATION, None
        return State.IN_COLLECTION, self.draw.dice.choice(self.collectors)

    def _steps(self, case: dict[str, Any], placed_on: date) -> None:
        """Append the steps that led to where the case stands before anybody worked it."""
        path = [(Event.OPENED, State.AWAITING_OPENING, State.AWAITING_ALLOCATION)]
        if case["holder_id"] is not None:
            path.append((Event.ALLOCATED, State.AWAITING_ALLOCATION, State.IN_COLLECTION))
        if case["state"] is State.AWAITING_OPENING:
            path = []
        for hour, (event, before, after) in enumerate(path, start=10):
            self.work.step(case["id"], self.draw.at(placed_on, hour), event, before, after, self.operations_id)

    def _account(self, case: dict[str, Any], account_id: UUID, parts: dict[str, int]) -> None:
        number = f"62220000{self.debtors.number:08d}"
        self.draw.add(
            Account,
            id=account_id,
            case_id=case["id"],
            number_sealed=self.draw.unit.seal(ACCOUNT_NO, number),
            number_index=self.draw.unit.index(ACCOUNT_NO, number),
            number_tail=number[-4:],
            contract_no=f"HT{self.debtors.number:08d}",
            credit_limit_fen=None,
            loan_on=case["overdue_on"] - timedelta(days=self.draw.dice.randint(60, 900)),
            statement_day=self.draw.dice.randint(1, 28),
            **parts,
        )
