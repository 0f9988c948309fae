"""The people of an agency: found, added, changed, and their phones shown to those with a right and a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits
from anmi.core.permissions import Permission
from anmi.core.person_name import is_person_name
from anmi.core.phone_number import PhoneNumber
from anmi.core.rights import units_below
from anmi.identity.org_units.service import OrgUnits, UnknownUnit
from anmi.identity.people import repository
from anmi.identity.people.accounts import Accounts
from anmi.identity.people.events import PersonAdded, PersonChanged
from anmi.identity.people.granting import GrantAsked, Granting
from anmi.identity.people.models import NAME, PHONE, PHONE_TAIL, Person
from anmi.identity.people.repository import Sought
from anmi.identity.people.views import AccountState, PersonView, facts_of, held, view_of, views_of, within
from anmi.kit.audit import difference
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = ["AccountState", "Accounts", "GrantAsked", "Granting", "People", "PeopleFilter", "PersonView", "WorkFacts"]


class InvalidName(Invalid):
    """What was given is not a person's name."""

    code = "INVALID_NAME"
    zh, en = "姓名格式不正确", "This is not a person's name"


class InvalidPhone(Invalid):
    """What was given is not a mobile number of mainland China."""

    code = "INVALID_PHONE"
    zh, en = "请填写中国大陆手机号", "Please give a mobile number of mainland China"


class EmployeeNumberTaken(Conflict):
    """Somebody else in the agency has this employee number."""

    code = "EMPLOYEE_NO_TAKEN"
    zh, en = "工号“{employee_no}”已被使用", "The employee number {employee_no} is taken"


class PhoneTaken(Conflict):
    """Somebody else in the agency has this phone number."""

    code = "PHONE_TAKEN"
    zh, en = "该手机号已被其他人员使用", "Somebody else has this phone number"


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Whom a list is to show. `q` is the beginning of an employee number, or a whole name, phone or last four."""

    q: str | None = None
    unit_id: UUID | None = None
    role: str | None = None
    state: AccountState | None = None


class PersonChanges(TypedDict, total=False):
    """The fields an edit touches."""

    name: str
    phone: str
    unit_id: UUID
    training_valid_until: date | None
    skills: frozenset[str]
    level: int
    regions: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """What work may be given to somebody: until when her training holds, what she is able to do, and where."""

    training_valid_until: date | None = None
    skills: frozenset[str] = frozenset()
    level: int = 0
    regions: frozenset[str] = frozenset()


class People:
    """The people of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def page(self, wanted: PeopleFilter, ask: Ask) -> tuple[list[PersonView], str | None, int]:
        """Return one page of the people within sight, the cursor of the next, and how many there are in all."""
        conditions = [within(self._unit, Permission.PEOPLE_READ), *await self._conditions(wanted)]
        rows, following, total = await repository.page(self._unit.session, conditions, ask)
        return await views_of(self._unit, rows), following, total

    async def get(self, person_id: UUID, permission: Permission = Permission.PEOPLE_READ) -> PersonView:
        """Return somebody within reach, with her grants."""
        return await view_of(self._unit, (Person.id == person_id) & within(self._unit, permission))

    async def add(
        self,
        employee_no: str,
        name: str,
        phone: str,
        unit_id: UUID,
        grants: Sequence[GrantAsked] = (),
        work: WorkFacts = WorkFacts(),
    ) -> tuple[PersonView, str]:
        """Give somebody an account; return her and her initial password, which is shown this once."""
        await self._check_unit(unit_id)
        accounts = Accounts(self._unit)
        password, hashed = await accounts.initial_password()
        person = Person(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            employee_no=employee_no,
            unit_id=unit_id,
            training_valid_until=work.training_valid_until,
            skills=sorted(work.skills),
            level=work.level,
            regions=sorted(work.regions),
            created_at=self._unit.now,
            password_hash=hashed,
            password_changed_at=self._unit.now,
            version=1,
        )
        self._write_name(person, name)
        self._write_phone(person, phone)
        taken = {
            "uq_people_tenant_id_employee_no": EmployeeNumberTaken(employee_no=employee_no),
            "uq_people_tenant_id_phone_index": PhoneTaken(),
        }
        async with refused_as(self._unit.session, taken):
            self._unit.session.add(person)
        self._unit.remember(AuditAction.PERSON_ADDED, ("person", person.id), **facts_of(self._unit, person))
        self._unit.announce(PersonAdded(person.id), "people")
        if grants:
            await Granting(self._unit).grant(person, grants)
        return await view_of(self._unit, Person.id == person.id), password

    async def change(self, person_id: UUID, version: int, changes: PersonChanges) -> PersonView:
        """Change what is written of somebody. Her grants stay: rights are the security administrator's affair."""
        person = await held(self._unit, person_id, Permission.PEOPLE_WRITE)
        person.edit(version)
        before = facts_of(self._unit, person)
        if "unit_id" in changes and changes["unit_id"] != person.unit_id:
            await self._check_unit(changes["unit_id"])
            person.unit_id = changes["unit_id"]
        if "name" in changes:
            self._write_name(person, changes["name"])
        if "training_valid_until" in changes:
            person.training_valid_until = changes["training_valid_until"]
        if "skills" in changes:
            person.skills = sorted(changes["skills"])
        if "level" in changes:
            person.level = changes["level"]
        if "regions" in changes:
            person.regions = sorted(changes["regions"])
        async with refused_as(self._unit.session, {"uq_people_tenant_id_phone_index": PhoneTaken()}):
            if "phone" in changes:
                self._write_phone(person, changes["phone"])
        facts = difference(before, facts_of(self._unit, person))
        self._unit.remember(AuditAction.PERSON_CHANGED, ("person", person_id), **facts)
        self._unit.announce(PersonChanged(person_id), "people")
        return await view_of(self._unit, Person.id == person_id)

    async def reveal_phone(self, person_id: UUID, reason: str) -> str:
        """Show somebody's phone unmasked; the reason is kept."""
        row = await repository.one(
            self._unit.session, (Person.id == person_id) & within(self._unit, Permission.PEOPLE_READ)
        )
        if row is None:
            raise NotFound
        self._unit.remember(
            AuditAction.PERSON_REVEALED, ("person", person_id), field="phone", reason=mask_digits(reason)
        )
        return self._unit.open(PHONE, row.phone_sealed)

    async def _check_unit(self, unit_id: UUID) -> None:
        reach = self._unit.rights.of(Permission.PEOPLE_WRITE)
        if not reach.covers(unit_id) or not await repository.unit_exists(self._unit.session, unit_id):
            raise UnknownUnit

    async def _conditions(self, wanted: PeopleFilter) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if wanted.q:
            conditions.append(repository.meant_by(self._sought(wanted.q)))
        if wanted.unit_id is not None:
            below = units_below(wanted.unit_id, await OrgUnits(self._unit).parents())
            conditions.append(Person.unit_id.in_(below))
        if wanted.role is not None:
            conditions.append(repository.holds(wanted.role))
        match wanted.state:
            case None:
                pass
            case AccountState.ACTIVE:
                conditions.append(repository.is_active(self._unit.now))
            case AccountState.LOCKED:
                conditions.append(repository.is_locked(self._unit.now))
            case AccountState.DISABLED:
                conditions.append(repository.is_disabled())
        return conditions

    def _sought(self, q: str) -> Sought:
        number = PhoneNumber.read(q)
        is_tail = len(q) == 4 and q.isdecimal()
        return Sought(
            employee_no=q,
            name_index=self._unit.index(NAME, q),
            phone_index=self._unit.index(PHONE, str(number)) if number else None,
            phone_tail_index=self._unit.index(PHONE_TAIL, q) if is_tail else None,
        )

    def _write_name(self, person: Person, name: str) -> None:
        if not is_person_name(name):
            raise InvalidName
        person.name_sealed = self._unit.seal(NAME, name)
        person.name_index = self._unit.index(NAME, name)

    def _write_phone(self, person: Person, phone: str) -> None:
        number = PhoneNumber.read(phone)
        if number is None or not number.is_mobile or number.extension:
            raise InvalidPhone
        person.phone_sealed = self._unit.seal(PHONE, number.digits)
        person.phone_index = self._unit.index(PHONE, number.digits)
        person.phone_tail_index = self._unit.index(PHONE_TAIL, number.digits[-4:])
