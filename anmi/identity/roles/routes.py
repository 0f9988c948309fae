"""Roles over HTTP, and the catalogue they are made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from anmi.core.permissions import (
    FIELD_RIGHT_WORDS,
    PERMISSION_WORDS,
    SCOPE_WORDS,
    THING_WORDS,
    UNSCOPED_THINGS,
    VERB_WORDS,
    Permission,
    Words,
)
from anmi.core.roles import ADMINISTRATORS, PLATFORM, WALLS
from anmi.identity.roles.schemas import Catalogue, Labelled, PermissionSeen, RoleChange, RoleCode, RoleSeen, RoleToAdd
from anmi.identity.roles.service import Roles
from anmi.kit.paging import Page
from anmi.kit.web import Unit, requires, room, signed_in

Code = TypeVar("Code", bound=str)

router = room("/identity", "identity/roles")

reads = requires(Permission.ROLES_READ)
writes = requires(Permission.ROLES_WRITE)


@router.get("/permissions", dependencies=[signed_in()])
async def list_permissions() -> Catalogue:
    """Return everything that can be permitted, with the words for it."""
    return Catalogue(
        permissions=[
            PermissionSeen(
                code=code,
                zh=words.zh,
                en=words.en,
                thing=code.thing,
                verb=code.verb,
                scoped=code.thing not in UNSCOPED_THINGS,
                platform=code in PLATFORM,
            )
            for code, words in PERMISSION_WORDS.items()
        ],
        things=_labelled(THING_WORDS),
        verbs=_labelled(VERB_WORDS),
        field_rights=_labelled(FIELD_RIGHT_WORDS),
        scopes=_labelled(SCOPE_WORDS),
        exclusive=[[role.code for role in ADMINISTRATORS]],
        walls=[sorted(wall) for wall in WALLS],
    )


@router.get("/roles", dependencies=[reads])
async def list_roles(unit: Unit) -> Page[RoleSeen]:
    """Return the built-in roles and the agency's own."""
    seen = await Roles(unit).all()
    return Page(items=[RoleSeen.model_validate(view) for view in seen], total=len(seen))


@router.post("/roles", status_code=201, dependencies=[writes])
async def add_role(unit: Unit, body: RoleToAdd) -> RoleSeen:
    """Make a role of the agency's own."""
    words = Words(body.name_zh, body.name_en)
    return RoleSeen.model_validate(await Roles(unit).add(body.code, words, body.permissions, body.field_rights))


@router.get("/roles/{code}", dependencies=[reads])
async def get_role(unit: Unit, code: RoleCode) -> RoleSeen:
    """Return one role."""
    return RoleSeen.model_validate(await Roles(unit).get(code))


@router.patch("/roles/{code}", dependencies=[writes])
async def change_role(unit: Unit, code: RoleCode, body: RoleChange) -> RoleSeen:
    """Change a role for all who hold it."""
    return RoleSeen.model_validate(await Roles(unit).change(code, **body.model_dump()))


@router.delete("/roles/{code}", status_code=204, dependencies=[writes])
async def remove_role(unit: Unit, code: RoleCode) -> None:
    """Remove a role that nobody holds."""
    await Roles(unit).remove(code)


def _labelled(words: Mapping[Code, Words]) -> list[Labelled]:
    return [Labelled(code=str(code), zh=each.zh, en=each.en) for code, each in words.items()]
