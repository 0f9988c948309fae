"""The weeks of work behind a case of the demo: calls, promises, payments, holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from anmi.casework.activities.models import Activity
from anmi.casework.cases.models import CaseEvent
from anmi.casework.holds.models import Hold
from anmi.casework.payments.models import Payment, PaymentMethod, PaymentState, Posting
from anmi.casework.promises.models import PromiseToPay
from anmi.core.case_life import Event, State
from anmi.core.contact_rules.facts import Effect, HoldReason
from anmi.entrypoints.demo_cases.batches import NOTES
from anmi.entrypoints.demo_cases.drawing import Drawing
from anmi.kit.ids import new_id


class Work:
    """Draws what collectors did."""

    def __init__(self, draw: Drawing, operations_id: UUID) -> None:
        self.draw = draw
        self.operations_id = operations_id

    def on(
        self, case: dict[str, Any], account_id: UUID, account: dict[str, int], holder_id: UUID, phone_id: UUID
    ) -> None:
        """Draw the work on a case up to today: calls, perhaps a promise, a payment, a hold. Its rows keep up."""
        days_at_work = range((self.draw.today - case["placed_on"]).days)
        for day in sorted(self.draw.dice.sample(days_at_work, k=self.draw.dice.randint(1, 6))):
            result = self.draw.dice.choice(("NA", "NA", "BSY", "NEG", "FD", "RTP", "CB", "LM", "NA"))
            at = self.draw.working_at(case["placed_on"] + timedelta(days=day))
            self._activity(case, at, holder_id, phone_id, result)
        fate = self.draw.dice.random()
        if fate < 0.10:
            self._pays(case, account_id, account, holder_id, phone_id, everything=True)
        elif fate < 0.24:
            self._pays(case, account_id, account, holder_id, phone_id, everything=False)
        elif fate < 0.33:
            self._promises(case, holder_id, phone_id)
        elif fate < 0.37:
            self._is_held(case, holder_id)
        elif fate < 0.45:
            self._broke_a_promise(case, holder_id, phone_id)
        elif fate < 0.55:
            case["next_action_at"] = self.draw.at(self.draw.today, self.draw.dice.randint(9, 18))

    def _pays(
        self,
        case: dict[str, Any],
        account_id: UUID,
        account: dict[str, int],
        holder_id: UUID,
        phone_id: UUID,
        *,
        everything: bool,
    ) -> None:
        """Book a payment in the law's order: fee, penalty, interest, principal (民法典 art. 561)."""
        day = self.draw.today - timedelta(days=self.draw.dice.randint(1, 9))
        owing = sum(account.values())
        amount = owing if everything else max(10_000, owing * self.draw.dice.randint(5, 40) // 100)
        payment_id, at = new_id(), self.draw.working_at(day)
        self._activity(case, at - timedelta(hours=2), holder_id, phone_id, "CP")
        self.draw.add(
            Payment,
            id=payment_id,
            case_id=case["id"],
            state=PaymentState.POSTED,
            amount_fen=amount,
            over_fen=0,
            paid_on=day,
            method=self.draw.dice.choice((PaymentMethod.APP, PaymentMethod.BANK_TRANSFER)),
            payer_sealed=None,
            reference=f"DEMO{case['serial_no']}",
            proof_key=None,
            claimed_at=at - timedelta(hours=2),
            claimed_by=holder_id,
            collector_id=holder_id,
            posted_at=at,
            posted_by=self.operations_id,
            reversed_at=None,
            reversed_by=None,
            note="",
        )
        left = amount
        for component, column in (
            ("fee", "fee_fen"),
            ("penalty_interest", "penalty_fen"),
            ("interest", "interest_fen"),
            ("principal", "principal_fen"),
        ):
            part = min(left, account[column])
            if part:
                account[column] -= part
                left -= part
                self.draw.add(
                    Posting,
                    id=new_id(),
                    payment_id=payment_id,
                    concession_id=None,
                    account_id=account_id,
                    component=component,
                    amount_fen=part,
                    at=at,
                )
        case["paid_fen"], case["owing_fen"] = amount, owing - amount
        if everything:
            self.step(case["id"], at, Event.PAID_IN_FULL, case["state"], State.PAID_IN_FULL, self.operations_id)
            case |= {"state": State.PAID_IN_FULL, "closing_reason": "paid_in_full", "closed_at": at}

    def _promises(self, case: dict[str, Any], holder_id: UUID, phone_id: UUID) -> None:
        at = self.draw.working_at(self.draw.today - timedelta(days=self.draw.dice.randint(0, 4)))
        due_on = self.draw.today + timedelta(days=self.draw.dice.randint(0, 9))
        activity_id = self._activity(case, at, holder_id, phone_id, "PTP")
        self._promise(case, "open", at, due_on, holder_id, activity_id, None)
        self.step(case["id"], at, Event.PROMISE_TAKEN, State.IN_COLLECTION, State.PROMISED, holder_id)
        case |= {"state": State.PROMISED, "next_action_at": self.draw.at(due_on, 9)}

    def _broke_a_promise(self, case: dict[str, Any], holder_id: UUID, phone_id: UUID) -> None:
        days = (self.draw.today - case["placed_on"]).days
        day = case["placed_on"] + timedelta(days=self.draw.dice.randint(1, max(1, days - 8)))
        at, due_on = self.draw.working_at(day), day + timedelta(days=3)
        ended_at = self.draw.at(min(due_on + timedelta(days=2), self.draw.today), 1)
        activity_id = self._activity(case, at, holder_id, phone_id, "PTP")
        self._promise(case, "broken", at, due_on, holder_id, activity_id, ended_at)
        self.step(case["id"], at, Event.PROMISE_TAKEN, State.IN_COLLECTION, State.PROMISED, holder_id)
        self.step(case["id"], ended_at, Event.PROMISE_BROKEN, State.PROMISED, State.IN_COLLECTION, None)

    def _promise(
        self,
        case: dict[str, Any],
        state: str,
        at: datetime,
        due_on: date,
        holder_id: UUID,
        activity_id: UUID,
        ended_at: datetime | None,
    ) -> None:
        self.draw.add(
            PromiseToPay,
            id=new_id(),
            case_id=case["id"],
            amount_fen=max(10_000, case["owing_fen"] * self.draw.dice.choice((10, 20, 30, 100)) // 100),
            due_on=due_on,
            state=state,
            received_fen=0,
            taken_at=at,
            taken_by=holder_id,
            activity_id=activity_id,
            ended_at=ended_at,
        )

    def _is_held(self, case: dict[str, Any], holder_id: UUID) -> None:
        at = self.draw.working_at(self.draw.today - timedelta(days=self.draw.dice.randint(1, 6)))
        self.draw.add(
            Hold,
            id=new_id(),
            case_id=case["id"],
            reason=HoldReason.HARDSHIP,
            effect=Effect.PAUSE,
            note="本人称近期住院，材料待补，先行停催。",
            until=self.draw.today + timedelta(days=self.draw.dice.randint(3, 20)),
            placed_at=at,
            placed_by=holder_id,
            lifted_at=None,
            lifted_by=None,
            lift_note=None,
        )
        self.step(case["id"], at, Event.HELD, State.IN_COLLECTION, State.ON_HOLD, holder_id)
        case["state"] = State.ON_HOLD

    def _activity(self, case: dict[str, Any], at: datetime, by: UUID, phone_id: UUID, result: str) -> UUID:
        activity_id = new_id()
        self.draw.add(
            Activity,
            id=activity_id,
            case_id=case["id"],
            at=at,
            by=by,
            action_code="OB",
            result_code=result,
            phone_id=phone_id,
            attempt_id=None,
            call_id=None,
            note=NOTES[result],
            next_action_at=None,
            corrects=None,
        )
        if case["last_activity_at"] is None or at > case["last_activity_at"]:
            case |= {"last_activity_at": at, "last_result": result}
        return activity_id

    def step(self, case_id: UUID, at: datetime, event: Event, before: State, after: State, by: UUID | None) -> None:
        """Write down a step of a case's life."""
        self.draw.add(
            CaseEvent,
            case_id=case_id,
            at=at,
            event=event,
            before=before,
            after=after,
            by=by,
            reason=None,
            facts={},
        )
