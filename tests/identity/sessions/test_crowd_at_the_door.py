"""Many attempts at the same moment: the count of wrong ones cannot be run past."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter

import pytest
from pyotp import random_base32
from pyotp.totp import TOTP
from sqlalchemy import func, select
from sqlalchemy.pool import QueuePool

from anmi.core.audit_actions import AuditAction
from anmi.core.sign_in import Step
from anmi.identity.people.models import TOTP as TOTP_FIELD
from anmi.identity.people.models import Person
from anmi.identity.sessions.models import Session
from anmi.identity.sessions.refusals import WrongCode, WrongCredentials
from anmi.identity.sessions.second_factor import Proof, SecondFactor
from anmi.identity.sessions.service import SessionView
from anmi.identity.sessions.sign_in import Claim, LoginBy, SignIn
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.errors import LockedOut
from anmi.kit.passwords import THREADS
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency
from tests.builders.sessions import PASSWORD, somebody_with_a_password


@pytest.fixture
async def agency(committing: Units) -> Agency:
    """Return an agency with one person in it."""
    agency = await an_agency(committing)
    await somebody_with_a_password(committing, agency)
    return agency


async def knock(units: Units, agency: Agency, password: str) -> str:
    claim = Claim(agency.code, LoginBy.EMPLOYEE_NO, "A001", password)
    try:
        await SignIn(units).open(claim, Caller(CallerKind.STRANGER))
    except (WrongCredentials, LockedOut) as refusal:
        return refusal.code
    return "in"


async def test_of_many_wrong_attempts_at_once_only_five_are_examined(committing: Units, agency: Agency) -> None:
    answers = Counter(await asyncio.gather(*(knock(committing, agency, "Wrong-Water-1") for _ in range(16))))
    assert answers == {"WRONG_CREDENTIALS": 4, "LOCKED_OUT": 12}
    refused = await remembered(committing, agency, "session.refused")
    assert Counter(entry.facts["reason"] for entry in refused) == {"WRONG_CREDENTIALS": 5, "LOCKED_OUT": 11}
    assert len(await remembered(committing, agency, "person.locked_out")) == 1


async def test_a_guess_hidden_in_a_crowd_is_not_examined_after_the_fifth(committing: Units, agency: Agency) -> None:
    for _ in range(4):
        await knock(committing, agency, "Wrong-Water-1")
    await asyncio.gather(*(knock(committing, agency, "Wrong-Water-1") for _ in range(3)))
    assert await knock(committing, agency, PASSWORD) == "LOCKED_OUT"
    async with committing.begin(the_system(agency.tenant_id)) as unit:
        assert await unit.session.scalar(select(func.count()).select_from(Session)) == 0
        person = (await unit.session.scalars(select(Person))).one()
        assert (person.failed_attempts, person.lockouts) == (0, 1)


async def test_the_last_attempt_may_be_the_right_one(committing: Units, agency: Agency) -> None:
    for _ in range(4):
        await knock(committing, agency, "Wrong-Water-1")
    assert await knock(committing, agency, PASSWORD) == "in"
    assert await knock(committing, agency, PASSWORD) == "in"


async def test_the_first_lines_of_a_log_may_be_written_at_once(committing: Units) -> None:
    fresh, together = await an_agency(committing), asyncio.Barrier(6)

    async def write() -> None:
        async with committing.begin(the_system(fresh.tenant_id)) as unit:
            unit.remember(AuditAction.SESSION_REFUSED)
            await together.wait()

    await asyncio.gather(*(write() for _ in range(6)))
    assert [entry.seq for entry in await remembered(committing, fresh)] == [1, 2, 3, 4, 5, 6]


async def test_people_who_come_in_at_once_all_come_in(committing: Units, agency: Agency) -> None:
    assert Counter(await asyncio.gather(*(knock(committing, agency, PASSWORD) for _ in range(4)))) == {"in": 4}


async def test_no_connection_waits_while_passwords_are_examined(committing: Units, agency: Agency) -> None:
    everybody_may_go_on = threading.Event()
    busy = [THREADS.submit(everybody_may_go_on.wait, 30) for _ in range(2)]
    attempts = [asyncio.create_task(knock(committing, agency, PASSWORD)) for _ in range(4)]
    pool = committing.database.engine.pool
    assert isinstance(pool, QueuePool)
    async with asyncio.timeout(30):
        while await counted(committing, agency) < 4 or pool.checkedout():  # noqa: ASYNC110 - nobody would tell us
            await asyncio.sleep(0.01)
    assert not any(attempt.done() for attempt in attempts)
    everybody_may_go_on.set()
    assert await asyncio.gather(*attempts) == ["in"] * 4
    assert all(each.result() for each in busy)


async def test_a_code_sent_twice_at_once_opens_one_session(committing: Units, agency: Agency, watch: Watch) -> None:
    secret = random_base32()
    async with committing.begin(the_system(agency.tenant_id)) as unit:
        person = (await unit.session.scalars(select(Person))).one()
        person.totp_sealed, person.totp_enrolled_at = unit.seal(TOTP_FIELD, secret), unit.now
    claim = Claim(agency.code, LoginBy.EMPLOYEE_NO, "A001", PASSWORD)
    opened = [await SignIn(committing).open(claim, Caller(CallerKind.STRANGER)) for _ in range(2)]

    async def prove(view: SessionView) -> str:
        caller = Caller(CallerKind.PERSON, agency.tenant_id, view.person.id, session_id=view.session.id)
        try:
            async with committing.begin(caller) as unit:
                return (await SecondFactor(unit).prove(Proof(TOTP(secret).at(watch.now)))).session.step
        except WrongCode as refusal:
            return refusal.code

    assert sorted(await asyncio.gather(*(prove(each.view) for each in opened))) == ["WRONG_CODE", Step.COMPLETE]


async def counted(units: Units, agency: Agency) -> int:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return (await unit.session.scalars(select(Person.failed_attempts))).one()
