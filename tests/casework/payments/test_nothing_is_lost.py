"""Whatever happens to the money of a case, in whatever order: no fen is lost, and none is made."""

from __future__ import annotations

import random
from uuid import UUID

from sqlalchemy import func, select

from anmi.casework.cases.models import Case
from anmi.casework.cases.service import CaseLives
from anmi.casework.concessions.models import Concession
from anmi.casework.concessions.service import Concessions, PaymentPlans
from anmi.casework.concessions.tasks import SWEEP_CONCESSIONS
from anmi.casework.payments.models import Payment, PaymentState, Posting
from anmi.casework.payments.service import Ledger, PaymentClaim, Payments
from anmi.core import case_life
from anmi.core.balance import Balance
from anmi.core.calendar import in_china
from anmi.core.concession_proposals import Wish
from anmi.core.concessions import QUOTABLE, Kind, State
from anmi.core.money import Money
from anmi.kit.caller import Caller, the_system
from anmi.kit.errors import Refusal
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.house import Watch
from tests.builders.money import a_debt, the_book
from tests.builders.people import Agency, a_person, an_agency, as_caller

WISHES = (
    Wish(Kind.PENALTY_WAIVER),
    Wish(Kind.INTEREST_WAIVER),
    Wish(Kind.PRINCIPAL_ONLY),
    Wish(Kind.LUMP_SUM_SETTLEMENT, to_pay=Money(60_007)),
    Wish(Kind.INSTALMENT_RELIEF, to_pay=Money(99_999), instalments=7),
)

ROLES = ("supervisor", "operations")


class Hands:
    """Everybody who touches the money of one case, at random."""

    def __init__(self, units: Units, watch: Watch, agency: Agency, case: Case, chance: random.Random) -> None:
        self.units, self.watch, self.agency, self.case, self.chance = units, watch, agency, case, chance
        self.updated = 0
        self.wish = WISHES[0]

    async def open(self) -> None:
        self.signers: list[Caller] = [
            await as_caller(self.units, self.agency, await a_person(self.units, self.agency, role)) for role in ROLES
        ]

    async def pay(self) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            case = await CaseLives(unit).of_system(self.case.id)
            granted = await self._live(unit.session)
            sums = [999, 20_000, granted.payable_fen] if granted else [1, 999, 20_000, case.owing_fen + 7]
            fen = self.chance.choice(sums)
            await Payments(unit).receive(case, PaymentClaim(Money(fen), in_china(unit.now).date()))

    async def reverse(self) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            posted = list(
                await unit.session.scalars(
                    select(Payment.id).where(Payment.case_id == self.case.id, Payment.state == PaymentState.POSTED)
                )
            )
            if posted:
                await Payments(unit).reverse(self.chance.choice(sorted(posted)), "银行退票")

    async def ask(self) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            wish = self.wish
            if wish.instalments > 1:
                wish = Wish(wish.kind, {}, wish.to_pay, wish.instalments, in_china(unit.now).date())
            await Concessions(unit).ask(self.case.id, wish, "家庭困难")

    async def relieve(self) -> None:
        await self.ask()
        await self.sign()

    async def sign(self) -> None:
        for signer, role in zip(self.signers, ROLES, strict=True):
            async with self.units.begin(signer) as unit:
                one = await self._live(unit.session)
                is_hers = one is not None and one.body["next_role"] == role
                if one is not None and is_hers and one.state in {State.SUBMITTED, State.FIRST_REVIEW}:
                    await Concessions(unit).decide(one.id, one.version, approves=True, note="")
        for signer, role in zip(self.signers, ROLES, strict=True):
            async with self.units.begin(signer) as unit:
                one = await self._live(unit.session)
                if one is not None and one.state == State.CREDITOR_REVIEW and one.body["next_role"] == role:
                    await Concessions(unit).answer(one.id, one.version, Money(one.payable_fen), None, "")

    async def plan(self) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            today = in_china(unit.now).date()
            await PaymentPlans(unit).sign(self.case.id, None, today, first_due_on=today)

    async def restate(self) -> None:
        async with self.units.begin(the_system(self.agency.tenant_id)) as unit:
            case = await CaseLives(unit).of_system(self.case.id)
            if case.state in case_life.PAID:
                return
            ledger = await Ledger.of(unit, case)
            account = self.chance.choice(ledger.owing)
            more = ledger.restate(UUID(account.account_id), account.owed + Balance(interest=Money(311)))
            self.updated += more.fen

    async def night(self) -> None:
        self.watch.pass_by(days=self.chance.choice([1, 9, 40]))
        await SWEEP_CONCESSIONS.work(Run(self.units, the_system(self.agency.tenant_id), 1))

    async def _live(self, session: object) -> Concession | None:
        over = ("completed", "expired", "broken", "rejected", "withdrawn")
        query = select(Concession).where(Concession.case_id == self.case.id, Concession.state.not_in(over))
        return (await session.scalars(query)).one_or_none()  # type: ignore[attr-defined]


async def test_no_fen_is_lost_by_payments_reversals_waivers_and_instalments(units: Units, watch: Watch) -> None:
    agency = await an_agency(units)
    seen: set[str] = set()
    for seed in range(12):
        chance = random.Random(seed)
        case = await a_debt(units, agency, more_accounts=seed % 3, holder=await a_person(units, agency, "collector"))
        hands = Hands(units, watch, agency, case, chance)
        hands.wish = WISHES[seed % len(WISHES)]
        await hands.open()
        often = (hands.pay, hands.pay, hands.reverse, hands.relieve)
        moves = (*often, *often, hands.plan, hands.ask, hands.sign, hands.restate, hands.night)
        for _ in range(25):
            watch.pass_by(minutes=1)
            move = chance.choice(moves)
            try:
                await move()
            except Refusal as refusal:
                seen.add(refusal.code)
            await check(units, agency, hands)
            seen.add((await the_book(units, agency, case)).case.state)
    # The test went where money changes things.
    assert {"settled_in_full", "paid_in_full", "on_plan", "in_collection", "CONCESSION_LIVE"} <= seen


async def check(units: Units, agency: Agency, hands: Hands) -> None:
    book = await the_book(units, agency, hands.case)
    case = book.case
    assert case.owing_fen == sum(book.parts.values())
    assert min(book.parts.values()) >= 0
    assert case.paid_fen + case.waived_fen + case.owing_fen == case.placed_fen + hands.updated
    async with units.begin(the_system(agency.tenant_id)) as unit:
        posted = await unit.session.scalars(
            select(Payment).where(Payment.case_id == case.id, Payment.state == PaymentState.POSTED)
        )
        assert sum(one.amount_fen - one.over_fen for one in posted) == case.paid_fen
        granted = select(Concession.id).where(Concession.case_id == case.id)
        waived = select(func.coalesce(func.sum(Posting.amount_fen), 0)).where(Posting.concession_id.in_(granted))
        assert (await unit.session.execute(waived)).scalar_one() == case.waived_fen
        live = await unit.session.scalars(granted.where(Concession.state.in_(QUOTABLE)))
        if case.state in case_life.PAID:
            assert case.owing_fen == 0
            assert (case.waived_fen > 0) == (case.state is case_life.State.SETTLED_IN_FULL)
            assert list(live) == []
