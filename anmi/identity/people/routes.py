"""People over HTTP."""

from __future__ import annotations

from uuid import UUID

from anmi.core.permissions import FieldRight, Permission
from anmi.identity.people.schemas import (
    GrantsChange,
    PersonChange,
    PersonSeen,
    PersonToAdd,
    PersonWithPassword,
    Reveal,
    Revealed,
)
from anmi.identity.people.service import Accounts, AccountState, Granting, People, PeopleFilter, PersonView
from anmi.kit.fields import Search
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room

router = room("/identity/people")

reads = requires(Permission.PEOPLE_READ)
writes = requires(Permission.PEOPLE_WRITE)


@router.get("", dependencies=[reads])
async def list_people(
    unit: Unit,
    ask: PageAsk,
    q: Search | None = None,
    unit_id: UUID | None = None,
    role: Search | None = None,
    state: AccountState | None = None,
) -> Page[PersonSeen]:
    """Return people within sight; `unit_id` includes the units below it."""
    views, following, total = await People(unit).page(PeopleFilter(q, unit_id, role, state), ask)
    return Page(items=[PersonSeen.model_validate(view) for view in views], next=following, total=total)


@router.post("", status_code=201, dependencies=[writes])
async def add_person(unit: Unit, body: PersonToAdd) -> PersonWithPassword:
    """Give somebody an account; her initial password is in this answer and nowhere else."""
    view, password = await People(unit).add(
        body.employee_no,
        body.name,
        body.phone,
        body.unit_id,
        [grant.asked() for grant in body.grants],
        body.facts(),
    )
    return PersonWithPassword(person=_seen(view), initial_password=password)


@router.get("/{id}", dependencies=[reads])
async def get_person(unit: Unit, person_id: Id) -> PersonSeen:
    """Return somebody within reach, with her grants."""
    return _seen(await People(unit).get(person_id))


@router.patch("/{id}", dependencies=[writes])
async def change_person(unit: Unit, person_id: Id, body: PersonChange) -> PersonSeen:
    """Change what is written of somebody."""
    return _seen(await People(unit).change(person_id, body.version, body.changes()))


@router.put("/{id}/grants", dependencies=[requires(Permission.GRANTS_WRITE)])
async def replace_grants(unit: Unit, person_id: Id, body: GrantsChange) -> PersonSeen:
    """Give somebody exactly these grants."""
    grants = [grant.asked() for grant in body.grants]
    return _seen(await Granting(unit).replace(person_id, body.version, grants))


@router.post("/{id}/disable", dependencies=[writes])
async def disable_person(unit: Unit, person_id: Id) -> PersonSeen:
    """Shut somebody out, at once."""
    return _seen(await Accounts(unit).disable(person_id))


@router.post("/{id}/enable", dependencies=[writes])
async def enable_person(unit: Unit, person_id: Id) -> PersonSeen:
    """Let somebody come in again."""
    return _seen(await Accounts(unit).enable(person_id))


@router.post("/{id}/unlock", dependencies=[writes])
async def unlock_person(unit: Unit, person_id: Id) -> PersonSeen:
    """Forgive failed attempts to come in as this person."""
    return _seen(await Accounts(unit).unlock(person_id))


@router.post("/{id}/reset-password", dependencies=[writes])
async def reset_password(unit: Unit, person_id: Id) -> PersonWithPassword:
    """Give somebody an initial password; it is in this answer and nowhere else."""
    view, password = await Accounts(unit).reset_password(person_id)
    return PersonWithPassword(person=_seen(view), initial_password=password)


@router.post("/{id}/reset-totp", dependencies=[requires(Permission.SECOND_FACTORS_WRITE)])
async def reset_second_factor(unit: Unit, person_id: Id) -> PersonSeen:
    """Let somebody enrol a second factor anew."""
    return _seen(await Accounts(unit).reset_second_factor(person_id))


@router.post("/{id}/reveal", dependencies=[requires(Permission.PEOPLE_READ, FieldRight.PHONE_FULL)])
async def reveal_person(unit: Unit, person_id: Id, body: Reveal) -> Revealed:
    """Show a masked field to somebody with the right and a reason."""
    return Revealed(value=await People(unit).reveal_phone(person_id, body.reason))


def _seen(view: PersonView) -> PersonSeen:
    return PersonSeen.model_validate(view)
