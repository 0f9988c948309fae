"""Demo data: one agency of two branches with people of every role, made once per data folder.

All of it is invented. The passwords are random and lie in the data folder, for its owner's eyes only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from anmi.core.permissions import Scope
from anmi.core.roles import BUILT_IN_ROLES
from anmi.entrypoints.demo_cases import seed_cases
from anmi.entrypoints.demo_phone import seed_phone_floor
from anmi.entrypoints.wiring import open_house
from anmi.identity.org_units.models import OrgUnit, UnitKind
from anmi.identity.people.models import NAME, PHONE, PHONE_TAIL, Person, PersonGrant
from anmi.identity.tenants.models import Tenant
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.passwords import hash_now, make_initial_password
from anmi.kit.secret_files import write_private
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import UnitOfWork

AGENCY: Final = "demo"
PLATFORM: Final = "platform"


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the demo and where she sits."""

    employee_no: str
    name: str
    role: str
    unit: str
    scope: Scope


UNITS: Final = (
    ("安信催收（演示）", UnitKind.COMPANY, None),
    ("运营部", UnitKind.DEPARTMENT, "安信催收（演示）"),
    ("质检部", UnitKind.DEPARTMENT, "安信催收（演示）"),
    ("上海分公司", UnitKind.BRANCH, "安信催收（演示）"),
    ("上海一组", UnitKind.TEAM, "上海分公司"),
    ("上海二组", UnitKind.TEAM, "上海分公司"),
    ("成都分公司", UnitKind.BRANCH, "安信催收（演示）"),
    ("成都一组", UnitKind.TEAM, "成都分公司"),
)

PEOPLE: Final = (
    Someone("A0001", "高明远", "system_administrator", "安信催收（演示）", Scope.TENANT),
    Someone("A0002", "沈安宁", "security_administrator", "安信催收（演示）", Scope.TENANT),
    Someone("A0003", "郑清和", "auditor", "安信催收（演示）", Scope.TENANT),
    Someone("B0001", "林致远", "owner", "安信催收（演示）", Scope.TENANT),
    Someone("O0001", "许文静", "operations", "运营部", Scope.TENANT),
    Someone("T0001", "罗景行", "phone_administrator", "运营部", Scope.TENANT),
    Someone("Q0001", "方思齐", "inspector", "质检部", Scope.TENANT),
    Someone("S0001", "陈立新", "supervisor", "上海分公司", Scope.SUBTREE),
    Someone("S0002", "周晓岚", "supervisor", "成都分公司", Scope.SUBTREE),
    Someone("C0001", "王雨桐", "collector", "上海一组", Scope.OWN),
    Someone("C0002", "李浩然", "collector", "上海一组", Scope.OWN),
    Someone("C0003", "赵欣怡", "collector", "上海二组", Scope.OWN),
    Someone("C0004", "孙志强", "collector", "成都一组", Scope.OWN),
    Someone("C0005", "何佳慧", "collector", "成都一组", Scope.OWN),
)
PLATFORM_UNITS: Final = (("安米平台（演示）", UnitKind.COMPANY, None),)
OPERATOR: Final = Someone("P0001", "顾云帆", "platform_operator", "安米平台（演示）", Scope.TENANT)


async def seed(settings: Settings) -> None:
    """Write the demo data where it is missing."""
    await _seed_agencies(settings)
    async with open_house(settings) as house:
        async with house.units.begin(the_system(across_tenants=True)) as unit:
            tenant_id = await unit.session.scalar(select(Tenant.id).where(Tenant.code == AGENCY))
        async with house.units.begin(the_system(tenant_id)) as unit:
            await seed_phone_floor(unit, settings)


async def _seed_agencies(settings: Settings) -> None:
    """Write the agencies, unless they are there already: all of it, or nothing."""
    async with open_house(settings) as house, house.units.begin(the_system(across_tenants=True)) as unit:
        if await unit.session.scalar(select(Tenant.id).where(Tenant.code == AGENCY)) is not None:
            return
        accounts = [
            *await _agency(unit, AGENCY, "安信催收（演示）", UNITS, PEOPLE, first_phone=19900000001, with_cases=True),
            *await _agency(unit, PLATFORM, OPERATOR.unit, PLATFORM_UNITS, (OPERATOR,), first_phone=19900009001),
        ]
        # Before the commit: data without passwords would be of no use, passwords without data are written anew.
        path = settings.data_dir / "secrets" / "demo-accounts.json"
        write_private(path, json.dumps(accounts, ensure_ascii=False, indent=2))


async def _agency(
    unit: UnitOfWork,
    code: str,
    name: str,
    units: Sequence[tuple[str, UnitKind, str | None]],
    people: Sequence[Someone],
    first_phone: int,
    *,
    with_cases: bool = False,
) -> list[dict[str, str]]:
    tenant_id = new_id()
    await unit.enter(the_system(tenant_id, across_tenants=True))
    unit.session.add(Tenant(id=tenant_id, code=code, name=name, created_at=unit.now))
    await unit.session.flush()
    places: dict[str, UUID] = {}
    for unit_name, kind, above in units:
        place = OrgUnit(tenant_id=tenant_id, name=unit_name, kind=kind, parent_id=above and places[above])
        unit.session.add(place)
        await unit.session.flush()
        places[unit_name] = place.id
    accounts: list[dict[str, str]] = []
    added: list[tuple[Someone, UUID]] = []
    for number, someone in enumerate(people):
        phone, password = str(first_phone + number), make_initial_password()
        added.append((someone, await _add(unit, someone, places[someone.unit], phone, password)))
        accounts.append(
            {
                "tenant_code": code,
                "employee_no": someone.employee_no,
                "phone": phone,
                "role": someone.role,
                "role_zh": BUILT_IN_ROLES[someone.role].words.zh,
                "name": someone.name,
                "password": password,
            }
        )
    if with_cases:
        collectors = [(person, places[someone.unit]) for someone, person in added if someone.role == "collector"]
        operations = next(person for someone, person in added if someone.role == "operations")
        await seed_cases(unit, collectors, operations)
    return accounts


async def _add(unit: UnitOfWork, someone: Someone, unit_id: UUID, phone: str, password: str) -> UUID:
    person = Person(
        id=new_id(),
        tenant_id=unit.tenant_id,
        employee_no=someone.employee_no,
        name_sealed=unit.seal(NAME, someone.name),
        name_index=unit.index(NAME, someone.name),
        phone_sealed=unit.seal(PHONE, phone),
        phone_index=unit.index(PHONE, phone),
        phone_tail_index=unit.index(PHONE_TAIL, phone[-4:]),
        unit_id=unit_id,
        training_valid_until=date(unit.now.year + 1, 12, 31),
        created_at=unit.now - timedelta(days=90),
        password_hash=hash_now(password),
        password_changed_at=unit.now,
        must_change_password=False,
    )
    unit.session.add(person)
    await unit.session.flush()
    unit.session.add(
        PersonGrant(
            tenant_id=unit.tenant_id, person_id=person.id, role=someone.role, scope=someone.scope, unit_id=unit_id
        )
    )
    return person.id
