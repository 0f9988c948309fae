"""The demo's figures agree to the fen, and no two of its debtors are one person."""

from __future__ import annotations

from sqlalchemy import text

from anmi.core.identity_number import IdentityNumber
from anmi.entrypoints.demo_cases import seed_cases
from anmi.kit.caller import the_system
from anmi.kit.unit_of_work import Units
from tests.builders.people import a_person, an_agency

CHECKS = {
    "a case owes what its accounts owe": """
        SELECT count(*) FROM cases c WHERE owing_fen <> (
            SELECT sum(principal_fen + interest_fen + penalty_fen + fee_fen) FROM accounts WHERE case_id = c.id)""",
    "what was placed is owed, paid or waived": """
        SELECT count(*) FROM cases WHERE placed_fen <> owing_fen + paid_fen + waived_fen""",
    "what was paid stands in the book": """
        SELECT count(*) FROM cases c WHERE paid_fen <> (
            SELECT coalesce(sum(p.amount_fen), 0) FROM postings p JOIN payments y ON y.id = p.payment_id
            WHERE y.case_id = c.id)""",
    "a placement is the sum of its cases": """
        SELECT count(*) FROM placements p WHERE (cases_count, placed_fen) <> (
            SELECT count(*), sum(c.placed_fen) FROM cases c WHERE c.placement_id = p.id)""",
    "a case stands where its last step led": """
        SELECT count(*) FROM cases c WHERE state <> 'awaiting_opening' AND state <> (
            SELECT after FROM case_events e WHERE e.case_id = c.id ORDER BY e.id DESC LIMIT 1)""",
    "an opening run counts its cases": """
        SELECT count(*) FROM case_opening_runs r WHERE cases_done <> (
            SELECT count(*) FROM opened_cases o WHERE o.run_id = r.id)""",
    "a case that was opened has a stage": """
        SELECT count(*) FROM cases WHERE (stage IS NULL) <> (state = 'awaiting_opening')""",
    "nothing has happened yet that is still to come": """
        SELECT count(*) FROM activities WHERE at > now()""",
}


async def test_the_figures_of_the_demo_agree(units: Units) -> None:
    agency = await an_agency(units)
    collectors = [(await a_person(units, agency, "collector"), agency.root_id) for _ in range(2)]
    operations_id = await a_person(units, agency, "operations")
    async with units.begin(the_system(agency.tenant_id)) as unit:
        await seed_cases(unit, collectors, operations_id)
        wrong = {name: (await unit.session.execute(text(query))).scalar_one() for name, query in CHECKS.items()}
        cases = (await unit.session.execute(text("SELECT count(*) FROM cases"))).scalar_one()
        sealed = (await unit.session.execute(text("SELECT id_number_sealed FROM debtors LIMIT 50"))).scalars().all()
        numbers = [unit.open("debtor.id_number", each) for each in sealed]
    assert wrong == dict.fromkeys(CHECKS, 0)
    assert cases == 3000
    assert all(isinstance(IdentityNumber.read(number, unit.now.date()), IdentityNumber) for number in numbers)
