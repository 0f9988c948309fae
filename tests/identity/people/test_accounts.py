"""Accounts: added with a password shown once, changed by whoever read them last, shut at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from anmi.core.permissions import Permission
from anmi.core.rights import EVERYTHING, Reach, Rights
from anmi.identity.people.models import FormerPassword, Person, PersonState, RecoveryCode
from anmi.identity.people.tasks import DISABLE_IDLE
from anmi.identity.sessions.models import Session
from anmi.kit.caller import the_system
from anmi.kit.idempotency import KeptAnswer
from anmi.kit.ids import new_id
from anmi.kit.jobs import Run
from anmi.kit.live import LiveEvent
from anmi.kit.passwords import is_right
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, a_unit, an_agency, comes_in, signed_in_as, somebody

PEOPLE = "/api/v1/identity/people"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
def administrator(client: httpx.AsyncClient, agency: Agency) -> httpx.AsyncClient:
    comes_in(client, somebody(agency))
    return client


def somebody_new(agency: Agency, **changes: Any) -> dict[str, Any]:
    return {
        "employee_no": "A001",
        "name": "张三",
        "phone": "138-0013-8000",
        "unit_id": str(agency.root_id),
    } | changes


async def row(units: Units, agency: Agency, person_id: object) -> Person:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        return await unit.session.get_one(Person, person_id)


async def a_session(units: Units, agency: Agency, person_id: object) -> object:
    session_id = new_id()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            Session(
                id=session_id,
                tenant_id=agency.tenant_id,
                person_id=person_id,
                token_digest=session_id.bytes,
                step="complete",
                created_at=unit.now,
                last_seen_at=unit.now,
                expires_at=unit.now + timedelta(hours=1),
                ip="192.0.2.1",
                device="tests",
            )
        )
    return session_id


async def test_a_new_person_gets_a_password_that_is_shown_once_and_must_be_changed(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    answer = await administrator.post(PEOPLE, json=somebody_new(agency))
    assert answer.status_code == 201, answer.text
    person, password = answer.json()["person"], answer.json()["initial_password"]
    kept = await row(units, agency, person["id"])
    assert await is_right(password, kept.password_hash)
    assert (person["must_change_password"], person["roles"], person["grants"]) == (True, [], [])
    assert person["phone_masked"] == "138****8000"
    (entry,) = await remembered(units, agency, "person.added")
    assert entry.facts["name"] == "张*"
    assert entry.facts["phone"] == "138****8000"
    assert password not in str(entry.facts)
    assert "张三".encode() not in kept.name_sealed


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"phone": "010-62345678"}, 422, "INVALID_PHONE"),
        ({"phone": "12800138000"}, 422, "INVALID_PHONE"),
        ({"phone": "13800138000转5"}, 422, "INVALID_PHONE"),
        ({"name": "张3"}, 422, "INVALID_NAME"),
        ({"name": "·"}, 422, "INVALID_NAME"),
        ({"employee_no": "张三"}, 422, "INVALID"),
        ({"employee_no": ""}, 422, "INVALID"),
        ({"unit_id": str(new_id())}, 422, "UNKNOWN_UNIT"),
        ({"nickname": "三"}, 422, "INVALID"),
        ({"employee_no": "TAKEN"}, 409, "EMPLOYEE_NO_TAKEN"),
        ({"phone": "13900139000"}, 409, "PHONE_TAKEN"),
    ],
)
async def test_what_cannot_be_a_person_is_refused_by_name(
    administrator: httpx.AsyncClient, units: Units, agency: Agency, change: dict[str, str], status: int, code: str
) -> None:
    await a_person(units, agency, employee_no="TAKEN", phone="13900139000")
    answer = await administrator.post(PEOPLE, json=somebody_new(agency, **change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_two_agencies_may_have_the_same_employee_number_and_phone(
    client: httpx.AsyncClient, units: Units
) -> None:
    for _ in range(2):
        agency = await an_agency(units)
        comes_in(client, somebody(agency))
        assert (await client.post(PEOPLE, json=somebody_new(agency))).status_code == 201


async def test_nobody_is_added_to_another_agencys_unit(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    other = await an_agency(units)
    answer = await administrator.post(PEOPLE, json=somebody_new(agency, unit_id=str(other.root_id)))
    assert answer.json()["code"] == "UNKNOWN_UNIT"
    person_id = await a_person(units, agency)
    moved = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "unit_id": str(other.root_id)})
    assert moved.json()["code"] == "UNKNOWN_UNIT"


async def test_whoever_makes_accounts_gives_no_rights_with_them(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    comes_in(client, somebody(agency, Rights({Permission.PEOPLE_WRITE: Reach(everything=True)})))
    grants = [{"role": "collector", "scope": "own"}]
    refused = await client.post(PEOPLE, json=somebody_new(agency, grants=grants))
    assert (refused.status_code, refused.json()["code"]) == (403, "GRANTS_NOT_PERMITTED")
    assert await remembered(units, agency, "person.added") == []
    comes_in(client, somebody(agency))
    added = await client.post(PEOPLE, json=somebody_new(agency, grants=grants))
    assert added.json()["person"]["grants"] == [
        {
            "role": {"code": "collector", "name_zh": "催收员", "name_en": "Collector"},
            "scope": "own",
            "unit": {"id": str(agency.root_id), "name": "演示催收公司"},
        }
    ]


async def test_an_edit_of_an_old_version_is_refused_and_changes_nothing(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency, name="张三")
    first = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "name": "李四"})
    assert (first.json()["name"], first.json()["version"]) == ("李四", 2)
    second = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "name": "王五"})
    assert (second.status_code, second.json()["code"]) == (409, "STALE_VERSION")
    assert (await administrator.get(f"{PEOPLE}/{person_id}")).json()["name"] == "李四"


async def test_an_edit_is_remembered_as_it_was_and_as_it_is_and_masked(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    branch = await a_unit(units, agency)
    person_id = await a_person(units, agency, name="张三", phone="13800138000")
    changes = {"name": "李四光", "phone": "13911112222", "unit_id": str(branch), "training_valid_until": "2027-01-31"}
    answer = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 1} | changes)
    assert answer.status_code == 200, answer.text
    (entry,) = await remembered(units, agency, "person.changed")
    assert entry.facts == {
        "before": {
            "name": "张*",
            "phone": "138****8000",
            "unit_id": str(agency.root_id),
            "training_valid_until": None,
        },
        "after": {
            "name": "李*光",
            "phone": "139****2222",
            "unit_id": str(branch),
            "training_valid_until": "2027-01-31",
        },
    }
    found = await administrator.get(PEOPLE, params={"q": "2222"})
    assert [person["id"] for person in found.json()["items"]] == [str(person_id)]
    emptied = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 2, "training_valid_until": None})
    assert emptied.json()["training_valid_until"] is None


async def test_a_phone_cannot_be_changed_to_somebody_elses(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    await a_person(units, agency, phone="13800138000")
    person_id = await a_person(units, agency)
    answer = await administrator.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "phone": "13800138000"})
    assert (answer.status_code, answer.json()["code"]) == (409, "PHONE_TAKEN")


async def test_a_leaver_is_shut_out_at_once_and_open_pages_hear_of_it(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency)
    session_id = await a_session(units, agency, person_id)
    answer = await administrator.post(f"{PEOPLE}/{person_id}/disable")
    assert answer.json()["state"] == "disabled"
    again = await administrator.post(f"{PEOPLE}/{person_id}/disable")
    assert again.json()["version"] == answer.json()["version"]
    async with units.begin(the_system(agency.tenant_id)) as unit:
        session = await unit.session.get_one(Session, session_id)
        news = (await unit.session.scalars(select(LiveEvent).order_by(LiveEvent.id))).all()
    assert (session.ended_at, session.end_reason) == (unit.now, "person_disabled")
    told = {(item.topic, item.kind) for item in news}
    assert {("session", "SessionEnded"), ("people", "PersonDisabled")} <= told
    assert len(await remembered(units, agency, "person.disabled")) == 1
    enabled = await administrator.post(f"{PEOPLE}/{person_id}/enable")
    assert enabled.json()["state"] == "active"


async def test_a_reset_password_is_new_must_be_changed_and_ends_the_sessions(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency, password_hash="former")
    session_id = await a_session(units, agency, person_id)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.failed_attempts, person.lockouts, person.locked_until = 3, 2, unit.now + timedelta(minutes=5)
    locked = await administrator.get(f"{PEOPLE}/{person_id}")
    assert locked.json()["state"] == "locked"
    answer = (await administrator.post(f"{PEOPLE}/{person_id}/reset-password")).json()
    assert (answer["person"]["state"], answer["person"]["must_change_password"]) == ("active", True)
    kept = await row(units, agency, person_id)
    assert await is_right(answer["initial_password"], kept.password_hash)
    assert (kept.failed_attempts, kept.lockouts, kept.locked_until) == (0, 0, None)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        former = (await unit.session.scalars(select(FormerPassword))).all()
        session = await unit.session.get_one(Session, session_id)
    assert [each.password_hash for each in former] == ["former"]
    assert session.end_reason == "credentials_reset"
    (entry,) = await remembered(units, agency, "password.reset")
    assert answer["initial_password"] not in str(entry.facts)


async def test_a_locked_account_is_unlocked(administrator: httpx.AsyncClient, units: Units, agency: Agency) -> None:
    person_id = await a_person(units, agency)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.lockouts, person.locked_until = 2, unit.now + timedelta(minutes=5)
    answer = await administrator.post(f"{PEOPLE}/{person_id}/unlock")
    assert (answer.json()["state"], answer.json()["locked_until"]) == ("active", None)
    assert (await row(units, agency, person_id)).lockouts == 0


async def test_a_reset_second_factor_is_gone_with_its_recovery_codes(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    person_id = await a_person(units, agency)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.totp_sealed, person.totp_enrolled_at, person.totp_last_step = b"x", unit.now, 7
        unit.session.add(RecoveryCode(tenant_id=agency.tenant_id, person_id=person_id, digest=b"x"))
    assert (await administrator.get(f"{PEOPLE}/{person_id}")).json()["totp_enrolled"]
    answer = await administrator.post(f"{PEOPLE}/{person_id}/reset-totp")
    assert not answer.json()["totp_enrolled"]
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert (await unit.session.scalars(select(RecoveryCode))).all() == []
    assert (await row(units, agency, person_id)).totp_sealed is None


@pytest.mark.parametrize(
    ("role", "action"), [("system_administrator", "reset-totp"), ("security_administrator", "reset-password")]
)
async def test_no_administrator_alone_gets_in_as_somebody_else(
    client: httpx.AsyncClient, units: Units, agency: Agency, role: str, action: str
) -> None:
    auditor = await a_person(units, agency, "auditor")
    await signed_in_as(client, units, agency, await a_person(units, agency, role))
    answer = await client.post(f"{PEOPLE}/{auditor}/{action}")
    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_PERMITTED")


async def test_accounts_that_nobody_uses_are_shut_by_night_and_the_log_says_why(
    units: Units, agency: Agency, watch: Watch
) -> None:
    idle, back, doorkeeper = [await a_person(units, agency, *roles) for roles in ((), (), ("system_administrator",))]
    watch.pass_by(days=29)
    fresh = await a_person(units, agency)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        (await unit.session.get_one(Person, back)).enabled_at = unit.now
    watch.pass_by(days=2)
    await DISABLE_IDLE.work(Run(units, the_system(agency.tenant_id), 1))
    states = {each: (await row(units, agency, each)).state for each in (idle, back, doorkeeper, fresh)}
    assert states == {idle: "disabled", back: "active", doorkeeper: "active", fresh: "active"}
    (entry,) = await remembered(units, agency, "person.disabled")
    assert (entry.target_id, entry.facts["idle_days"]) == (str(idle), 30)


async def test_what_work_may_be_given_to_somebody_is_written_down(
    administrator: httpx.AsyncClient, agency: Agency
) -> None:
    body = somebody_new(agency) | {"skills": ["english", "cantonese"], "level": 3, "regions": ["浙江"]}
    person = (await administrator.post(PEOPLE, json=body)).json()["person"]
    assert (person["skills"], person["level"], person["regions"]) == (["cantonese", "english"], 3, ["浙江"])
    change = {"version": person["version"], "skills": [], "level": 5}
    answer = (await administrator.patch(f"{PEOPLE}/{person['id']}", json=change)).json()
    assert (answer["skills"], answer["level"], answer["regions"]) == ([], 5, ["浙江"])
    wrong = await administrator.patch(f"{PEOPLE}/{person['id']}", json={"version": 2, "skills": ["No Skill"]})
    assert wrong.status_code == 422


@pytest.mark.parametrize("action", ["disable", "enable", "unlock", "reset-password", "reset-totp"])
async def test_nobody_does_these_things_to_her_own_account(
    client: httpx.AsyncClient, units: Units, agency: Agency, action: str
) -> None:
    me = await a_person(units, agency)
    comes_in(client, somebody(agency, EVERYTHING, me))
    answer = await client.post(f"{PEOPLE}/{me}/{action}")
    assert (answer.status_code, answer.json()["code"]) == (403, "OWN_ACCOUNT")
    (entry,) = await remembered(units, agency, "request.refused")
    assert entry.facts["refusal"] == "OWN_ACCOUNT"


@pytest.mark.parametrize("action", ["disable", "enable", "unlock", "reset-password", "reset-totp"])
async def test_an_account_out_of_reach_does_not_exist(
    client: httpx.AsyncClient, units: Units, agency: Agency, action: str
) -> None:
    branch = await a_unit(units, agency)
    person_id = await a_person(units, agency)
    near = Reach(unit_ids=frozenset({branch}))
    rights = Rights({Permission.PEOPLE_WRITE: near, Permission.SECOND_FACTORS_WRITE: near})
    comes_in(client, somebody(agency, rights))
    answer = await client.post(f"{PEOPLE}/{person_id}/{action}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await row(units, agency, person_id)).state is PersonState.ACTIVE


async def test_a_person_sent_twice_under_one_key_is_added_once(
    administrator: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    answers = [
        await administrator.post(PEOPLE, json=somebody_new(agency), headers={"Idempotency-Key": "1"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(await remembered(units, agency, "person.added")) == 1
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert len((await unit.session.scalars(select(Person))).all()) == 1
        (kept,) = (await unit.session.scalars(select(KeptAnswer.body_sealed))).all()
    assert answers[0].json()["initial_password"].encode() not in kept


async def test_whoever_edits_an_old_version_is_told_who_was_quicker_and_when(
    client: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    quick, slow = [await a_person(units, agency, "system_administrator", name=name) for name in ("李雷", "韩梅梅")]
    person_id = await a_person(units, agency)
    await signed_in_as(client, units, agency, quick)
    assert (await client.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "level": 2})).status_code == 200
    at = watch.now
    watch.pass_by(minutes=3)
    await signed_in_as(client, units, agency, slow)
    answer = await client.patch(f"{PEOPLE}/{person_id}", json={"version": 1, "level": 3})
    assert (answer.status_code, answer.json()["code"]) == (409, "STALE_VERSION")
    facts = answer.json()["facts"]
    assert (facts["changed_by"], datetime.fromisoformat(facts["changed_at"])) == ("李雷", at)
