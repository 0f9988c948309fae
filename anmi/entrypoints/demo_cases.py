"""Demo cases: three creditors, five placements, some 3,000 cases and the weeks of work behind them.

Every name, number and sum is drawn from a fixed seed and invented; the figures agree to the fen: what was placed is
what is owed, what was paid and what was waived.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from anmi.casework.activities.models import Activity
from anmi.casework.cases.models import ACCOUNT_NO, Account, Case, CaseEvent
from anmi.casework.creditors.models import Creditor, CreditorTerms, Product
from anmi.casework.debtors.models import CONTACT_NAME, ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL, Debtor, Phone
from anmi.casework.holds.models import Hold
from anmi.casework.payments.models import Payment, PaymentMethod, PaymentState, Posting
from anmi.casework.placements.models import Placement, PlacementState
from anmi.casework.promises.models import PromiseToPay
from anmi.casework.tables import default_bucket_rows, default_stage_rows, limitation_table
from anmi.core.calendar import in_china
from anmi.core.case_life import Event, State
from anmi.core.contact_rules.facts import Effect, HoldReason, Relation
from anmi.core.delinquency import read_buckets
from anmi.core.identity_number import check_character
from anmi.core.limitation import limitation_due
from anmi.core.number_state import NumberState
from anmi.kit.db import Base
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

SEED: Final = 20260301
CHINA: Final = ZoneInfo("Asia/Shanghai")

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
)
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红鹏辉宁波建国志文海山川林晨曦雨桐子涵梓萱思远嘉怡若彤"
)
CITIES: Final = (
    ("上海", "上海市", "310101"),
    ("江苏", "苏州市", "320506"),
    ("浙江", "杭州市", "330106"),
    ("四川", "成都市", "510104"),
    ("重庆", "重庆市", "500103"),
    ("湖北", "武汉市", "420106"),
    ("河南", "郑州市", "410105"),
    ("安徽", "合肥市", "340104"),
)
PREFIXES: Final = (
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "182",
    "187",
    "188",
    "130",
    "131",
    "186",
    "189",
    "177",
)
CARRIERS: Final = {"13": "中国移动", "15": "中国移动", "18": "中国移动", "17": "中国电信"}


@dataclass(frozen=True, slots=True)
class Batch:
    """A placement of the demo: whose, how many cases, how long ago, and how far the work has come."""

    code: str
    creditor: str
    product: str
    tier: int
    cases: int
    days_ago: int
    buckets: tuple[str, ...]
    stage_of_work: str


CREDITORS: Final = (
    ("HYYH", "海岳银行（演示）", "bank", (("CARD", "信用卡"), ("LOAN", "个人消费贷"))),
    ("YFXJ", "云帆消费金融（演示）", "consumer_finance", (("CASH", "循环现金贷"),)),
    ("QHXD", "青禾小额贷款（演示）", "micro_loan", (("BIZ", "个体经营贷"),)),
)
BATCHES: Final = (
    Batch("HY-CARD-01", "HYYH", "CARD", 1, 900, 70, ("M2", "M3", "M4"), "worked"),
    Batch("HY-LOAN-01", "HYYH", "LOAN", 2, 700, 45, ("M4", "M5", "M6"), "worked"),
    Batch("YF-CASH-01", "YFXJ", "CASH", 1, 700, 30, ("M1", "M2", "M3"), "worked"),
    Batch("QH-BIZ-01", "QHXD", "BIZ", 1, 400, 12, ("M3", "M5", "M7+"), "allocated"),
    Batch("YF-CASH-02", "YFXJ", "CASH", 1, 300, 2, ("M1", "M2"), "new"),
)
NOTES: Final = {
    "NA": "拨打本人手机，无人接听。",
    "BSY": "本人手机忙线，稍后再拨。",
    "NEG": "本人接听，表示资金紧张，愿意与家人商量后答复。",
    "FD": "本人接听，近期失业，希望延期处理，已告知协商渠道。",
    "RTP": "本人接听，表示暂不还款，已说明逾期事实与官方还款渠道。",
    "CB": "本人接听，正在开会，约定稍后回拨。",
    "PTP": "本人接听，承诺按期还款，已复述金额、日期与官方还款渠道。",
    "CP": "本人称已通过官方渠道还款，等待对账。",
    "LM": "联系人接听，仅请其转告本人回电，未透露欠款信息。",
}
TERMS: Final[dict[str, Any]] = {
    "commission": [
        {"bucket": "M1", "mode": "whole", "steps": [{"from": "0", "rate": "0.08"}]},
        {"mode": "whole", "steps": [{"from": "0", "rate": "0.18"}, {"from": "20000", "rate": "0.22"}]},
    ],
    "keep_for_months": 60,
}


@dataclass(slots=True)
class Rows:
    """Rows by table, in the order in which they can be written."""

    of: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict[type[Base], list[dict[str, Any]]])

    def add(self, table: type[Base], **row: Any) -> None:
        """Keep a row."""
        self.of.setdefault(table, []).append(row)


ORDER: Final = (
    Creditor,
    CreditorTerms,
    Product,
    Placement,
    Debtor,
    Phone,
    Case,
    Account,
    CaseEvent,
    Activity,
    PromiseToPay,
    Hold,
    Payment,
    Posting,
)


async def seed_cases(unit: UnitOfWork, collectors: Sequence[tuple[UUID, UUID]], operations_id: UUID) -> None:
    """Write the cases of the demo; `collectors` are people with their units."""
    rows = Rows()
    _Story(unit, rows, collectors, operations_id).tell()
    for table in ORDER:
        for part in _parts(rows.of.get(table, []), 1000):
            await unit.session.execute(insert(table), part)


class _Story:
    """Draws the cases one after the other."""

    def __init__(
        self, unit: UnitOfWork, rows: Rows, collectors: Sequence[tuple[UUID, UUID]], operations_id: UUID
    ) -> None:
        self.unit = unit
        self.rows = rows
        self.collectors = collectors
        self.operations_id = operations_id
        self.dice = random.Random(SEED)  # noqa: S311 - invented data, not secrets
        self.today = in_china(unit.now).date()
        self.own = {"tenant_id": unit.tenant_id}
        self.buckets = read_buckets(default_bucket_rows())
        self.debtors: list[tuple[UUID, UUID]] = []
        self.number = self.phones = 0

    def tell(self) -> None:
        creditors: dict[str, UUID] = {}
        products: dict[tuple[str, str], UUID] = {}
        for code, name, kind, kinds_of_debt in CREDITORS:
            creditors[code] = new_id()
            self.rows.add(Creditor, id=creditors[code], code=code, name=name, kind=kind, state="active", **self.own)
            self.rows.add(
                CreditorTerms,
                id=new_id(),
                creditor_id=creditors[code],
                effective_from=self.today - timedelta(days=365),
                body=TERMS,
                **self.own,
            )
            for product, words in kinds_of_debt:
                products[code, product] = new_id()
                self.rows.add(
                    Product,
                    id=products[code, product],
                    creditor_id=creditors[code],
                    code=product,
                    name=words,
                    buckets=default_bucket_rows(),
                    stages=default_stage_rows(),
                    **self.own,
                )
        for batch in BATCHES:
            self._batch(batch, creditors[batch.creditor], products[batch.creditor, batch.product])

    def _batch(self, batch: Batch, creditor_id: UUID, product_id: UUID) -> None:
        placed_on = self.today - timedelta(days=batch.days_ago)
        due_back_on = placed_on + timedelta(days=90)
        placement_id = new_id()
        placement = {
            "id": placement_id,
            "code": batch.code,
            "creditor_id": creditor_id,
            "product_id": product_id,
            "tier": batch.tier,
            "placed_on": placed_on,
            "due_back_on": due_back_on,
            "state": PlacementState.ACTIVE,
            "created_at": self._at(placed_on, 9),
            "created_by": self.operations_id,
            **self.own,
        }
        placed = 0
        for number in range(batch.cases):
            facts = {
                "placement_id": placement_id,
                "creditor_id": creditor_id,
                "product_id": product_id,
                "serial_no": f"{batch.code}-{number + 1:05d}",
                "placed_on": placed_on,
                "due_back_on": due_back_on,
            }
            placed += self._case(batch, facts)
        self.rows.add(Placement, cases_count=batch.cases, placed_fen=placed, **placement)

    def _case(self, batch: Batch, facts: dict[str, Any]) -> int:
        case_id, placed_on = new_id(), facts["placed_on"]
        debtor_id, phone_id = self._debtor()
        code = self.dice.choice(batch.buckets)
        bucket = next(row for row in self.buckets.rows if row.code == code)
        days_late = self.dice.randint(bucket.min_dpd, bucket.max_dpd or bucket.min_dpd + 200)
        overdue_on = placed_on - timedelta(days=days_late)
        principal = self.dice.randint(1_500, 48_000) * 100 + self.dice.randint(0, 99)
        account = {
            "principal_fen": principal,
            "interest_fen": principal * self.dice.randint(20, 90) // 1000,
            "penalty_fen": principal * self.dice.randint(5, 40) // 1000,
            "fee_fen": self.dice.choice((0, 0, 5_000, 10_000)),
        }
        placed = sum(account.values())
        state, holder = self._place(batch)
        case = {
            "id": case_id,
            "debtor_id": debtor_id,
            "bucket": bucket.code,
            "state": state,
            "stage": None,
            "priority": self.dice.choice((0, 0, 0, 1, 2)),
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
            "created_at": self._at(placed_on, 9),
            **facts,
            **self.own,
        }
        account_id = new_id()
        self._steps(case, placed_on)
        if holder is not None and batch.stage_of_work == "worked":
            self._work(case, account_id, account, holder[0], phone_id)
        self.rows.add(Case, **case)
        self._account(case, account_id, account)
        return placed

    def _place(self, batch: Batch) -> tuple[State, tuple[UUID, UUID] | None]:
        if batch.stage_of_work == "new":
            return State.AWAITING_OPENING, None
        if self.dice.random() < (0.4 if batch.stage_of_work == "allocated" else 0.06):
            return State.AWAITING_ALLOCATION, None
        return State.IN_COLLECTION, self.dice.choice(self.collectors)

    def _steps(self, case: dict[str, Any], placed_on: date) -> None:
        """Append the steps that led to where the case stands before anybody worked it."""
        path = [(Event.OPENED, State.AWAITING_OPENING, State.AWAITING_ALLOCATION)]
        if case["holder_id"] is not None:
            path.append((Event.ALLOCATED, State.AWAITING_ALLOCATION, State.IN_COLLECTION))
        if case["state"] is State.AWAITING_OPENING:
            path = []
        for hour, (event, before, after) in enumerate(path, start=10):
            self._step(case["id"], self._at(placed_on, hour), event, before, after, self.operations_id)

    def _work(
        self, case: dict[str, Any], account_id: UUID, account: dict[str, int], holder_id: UUID, phone_id: UUID
    ) -> None:
        """Draw the weeks of work on a case: calls, perhaps a promise, a payment, a hold."""
        days = sorted(
            self.dice.sample(range((self.today - case["placed_on"]).days), k=min(self.dice.randint(1, 6), 12))
        )
        for day in days:
            result = self.dice.choice(("NA", "NA", "BSY", "NEG", "FD", "RTP", "CB", "LM", "NA"))
            self._activity(case, self._working_at(case["placed_on"] + timedelta(days=day)), holder_id, phone_id, result)
        fate = self.dice.random()
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
            case["next_action_at"] = self._at(self.today, self.dice.randint(9, 18))

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
        day = self.today - timedelta(days=self.dice.randint(1, 9))
        owing = sum(account.values())
        amount = owing if everything else max(10_000, owing * self.dice.randint(5, 40) // 100)
        payment_id, at = new_id(), self._working_at(day)
        self._activity(case, at - timedelta(hours=2), holder_id, phone_id, "CP")
        self.rows.add(
            Payment,
            id=payment_id,
            case_id=case["id"],
            state=PaymentState.POSTED,
            amount_fen=amount,
            over_fen=0,
            paid_on=day,
            method=self.dice.choice((PaymentMethod.APP, PaymentMethod.BANK_TRANSFER)),
            payer_sealed=None,
            reference=f"DEMO{self.number:08d}",
            proof_key=None,
            claimed_at=at - timedelta(hours=2),
            claimed_by=holder_id,
            collector_id=holder_id,
            posted_at=at,
            posted_by=self.operations_id,
            reversed_at=None,
            reversed_by=None,
            note="",
            **self.own,
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
                self.rows.add(
                    Posting,
                    id=new_id(),
                    payment_id=payment_id,
                    concession_id=None,
                    account_id=account_id,
                    component=component,
                    amount_fen=part,
                    at=at,
                    **self.own,
                )
        case["paid_fen"], case["owing_fen"] = amount, owing - amount
        if everything:
            self._step(case["id"], at, Event.PAID_IN_FULL, case["state"], State.PAID_IN_FULL, self.operations_id)
            case |= {"state": State.PAID_IN_FULL, "closing_reason": "paid_in_full", "closed_at": at}

    def _promises(self, case: dict[str, Any], holder_id: UUID, phone_id: UUID) -> None:
        at = self._working_at(self.today - timedelta(days=self.dice.randint(0, 4)))
        due_on = self.today + timedelta(days=self.dice.randint(0, 9))
        activity_id = self._activity(case, at, holder_id, phone_id, "PTP")
        self._promise(case, "open", at, due_on, holder_id, activity_id, None)
        self._step(case["id"], at, Event.PROMISE_TAKEN, State.IN_COLLECTION, State.PROMISED, holder_id)
        case |= {"state": State.PROMISED, "next_action_at": self._at(due_on, 9)}

    def _broke_a_promise(self, case: dict[str, Any], holder_id: UUID, phone_id: UUID) -> None:
        days = (self.today - case["placed_on"]).days
        day = case["placed_on"] + timedelta(days=self.dice.randint(1, max(1, days - 8)))
        at, due_on = self._working_at(day), day + timedelta(days=3)
        ended_at = self._at(min(due_on + timedelta(days=2), self.today), 1)
        activity_id = self._activity(case, at, holder_id, phone_id, "PTP")
        self._promise(case, "broken", at, due_on, holder_id, activity_id, ended_at)
        self._step(case["id"], at, Event.PROMISE_TAKEN, State.IN_COLLECTION, State.PROMISED, holder_id)
        self._step(case["id"], ended_at, Event.PROMISE_BROKEN, State.PROMISED, State.IN_COLLECTION, None)

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
        self.rows.add(
            PromiseToPay,
            id=new_id(),
            case_id=case["id"],
            amount_fen=max(10_000, case["owing_fen"] * self.dice.choice((10, 20, 30, 100)) // 100),
            due_on=due_on,
            state=state,
            received_fen=0,
            taken_at=at,
            taken_by=holder_id,
            activity_id=activity_id,
            ended_at=ended_at,
            **self.own,
        )

    def _is_held(self, case: dict[str, Any], holder_id: UUID) -> None:
        at = self._working_at(self.today - timedelta(days=self.dice.randint(1, 6)))
        self.rows.add(
            Hold,
            id=new_id(),
            case_id=case["id"],
            reason=HoldReason.HARDSHIP,
            effect=Effect.PAUSE,
            note="本人称近期住院，材料待补，先行停催。",
            until=self.today + timedelta(days=self.dice.randint(3, 20)),
            placed_at=at,
            placed_by=holder_id,
            lifted_at=None,
            lifted_by=None,
            lift_note=None,
            **self.own,
        )
        self._step(case["id"], at, Event.HELD, State.IN_COLLECTION, State.ON_HOLD, holder_id)
        case["state"] = State.ON_HOLD

    def _activity(self, case: dict[str, Any], at: datetime, by: UUID, phone_id: UUID, result: str) -> UUID:
        activity_id = new_id()
        self.rows.add(
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
            **self.own,
        )
        if case["last_activity_at"] is None or at > case["last_activity_at"]:
            case |= {"last_activity_at": at, "last_result": result}
        return activity_id

    def _step(self, case_id: UUID, at: datetime, event: Event, before: State, after: State, by: UUID | None) -> None:
        self.rows.add(
            CaseEvent,
            case_id=case_id,
            at=at,
            event=event,
            before=before,
            after=after,
            by=by,
            reason=None,
            facts={},
            **self.own,
        )

    def _account(self, case: dict[str, Any], account_id: UUID, parts: dict[str, int]) -> None:
        number = f"62220000{self.number:08d}"
        self.rows.add(
            Account,
            id=account_id,
            case_id=case["id"],
            number_sealed=self.unit.seal(ACCOUNT_NO, number),
            number_index=self.unit.index(ACCOUNT_NO, number),
            number_tail=number[-4:],
            contract_no=f"HT{self.number:08d}",
            credit_limit_fen=None,
            loan_on=case["overdue_on"] - timedelta(days=self.dice.randint(60, 900)),
            statement_day=self.dice.randint(1, 28),
            **parts,
            **self.own,
        )

    def _debtor(self) -> tuple[UUID, UUID]:
        """Draw a debtor with her numbers; one in twelve cases is another one of somebody already known."""
        self.number += 1
        if self.debtors and self.dice.random() < 0.08:
            return self.dice.choice(self.debtors)
        debtor_id = new_id()
        province, city, area = self.dice.choice(CITIES)
        # The running number and the year part all of them: no two debtors have one id number.
        born_on = date(1966 + self.number // 1000 * 9 + self.dice.randint(0, 8), self.dice.randint(1, 12), 28)
        first = f"{area}{born_on:%Y%m%d}{self.number % 1000:03d}"
        id_number, name = first + check_character(first), self._name()
        self.rows.add(
            Debtor,
            id=debtor_id,
            name_sealed=self.unit.seal(NAME, name),
            name_index=self.unit.index(NAME, name),
            id_number_sealed=self.unit.seal(ID_NUMBER, id_number),
            id_number_index=self.unit.index(ID_NUMBER, id_number),
            id_tail_index=self.unit.index(ID_TAIL, id_number[-4:]),
            born_on=born_on,
            gender="male" if int(id_number[16]) % 2 else "female",
            province=province,
            city=city,
            created_at=self.unit.now,
            **self.own,
        )
        phone_id = self._phone(debtor_id, Relation.DEBTOR, None, city)
        for _ in range(self.dice.choice((0, 1, 1, 2))):
            self._phone(debtor_id, Relation.UNRELATED_THIRD_PARTY, self.dice.choice(("父亲", "同事", "朋友")), city)
        self.debtors.append((debtor_id, phone_id))
        return debtor_id, phone_id

    def _phone(self, debtor_id: UUID, relation: Relation, word: str | None, city: str) -> UUID:
        phone_id = new_id()
        prefix = self.dice.choice(PREFIXES)
        number = f"{prefix}0{self.phones // 1000:03d}0{self.phones % 1000:03d}"
        self.phones += 1
        known = self.dice.random()
        self.rows.add(
            Phone,
            id=phone_id,
            debtor_id=debtor_id,
            number_sealed=self.unit.seal(PHONE, number),
            number_index=self.unit.index(PHONE, number),
            tail_index=self.unit.index(PHONE_TAIL, number[-4:]),
            kind="mobile",
            relation=relation,
            relation_text=word or "本人",
            name_sealed=self.unit.seal(CONTACT_NAME, self._name()) if word else None,
            source="contract" if word is None else "named_contact",
            carrier=CARRIERS[prefix[:2]],
            province=None,
            city=city,
            state=NumberState.ACTIVE if known < 0.8 else NumberState.EMPTY if known < 0.86 else NumberState.UNKNOWN,
            state_source="rehearsal",
            state_at=self.unit.now - timedelta(days=3),
            is_right_party=None,
            asked_to_stop_at=None,
            added_by=None,
            created_at=self.unit.now,
            **self.own,
        )
        return phone_id

    def _name(self) -> str:
        return self.dice.choice(SURNAMES) + "".join(self.dice.sample(GIVEN, k=self.dice.choice((1, 2, 2))))

    def _working_at(self, day: date) -> datetime:
        """Draw a lawful moment of a day, not later than now."""
        drawn = datetime.combine(day, time(self.dice.randint(9, 18), self.dice.randint(0, 59)), CHINA).astimezone(UTC)
        return min(drawn, self.unit.now - timedelta(minutes=5))

    def _at(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), CHINA).astimezone(UTC)


def _parts(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
