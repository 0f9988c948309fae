"""Roles as HTTP sees them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from anmi.core.permissions import FieldRight, Permission
from anmi.kit.fields import Asked, Line, Seen

RoleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class RoleSeen(Seen):
    """A role, and how many people at work hold it."""

    code: str
    name_zh: str
    name_en: str
    built_in: bool
    permissions: list[Permission]
    field_rights: list[FieldRight]
    totp_required: bool
    people_count: int
    version: int


class RoleToAdd(Asked):
    """A role of the agency's own."""

    code: RoleCode
    name_zh: Line
    name_en: Line
    permissions: set[Permission]
    field_rights: set[FieldRight] = Field(default_factory=set[FieldRight])


class RoleChange(Asked):
    """An edit of what was read as `version`."""

    version: int
    name_zh: Line | None = None
    name_en: Line | None = None
    permissions: set[Permission] | None = None
    field_rights: set[FieldRight] | None = None


class Labelled(BaseModel):
    """A code and the words people read for it."""

    code: str
    zh: str
    en: str


class PermissionSeen(Labelled):
    """A permission; `scoped` where a grant's scope makes a difference, `platform` where no agency can give it."""

    thing: str
    verb: str
    scoped: bool
    platform: bool


class Catalogue(BaseModel):
    """Everything that can be permitted, and what must stay apart."""

    permissions: list[PermissionSeen]
    things: list[Labelled]
    verbs: list[Labelled]
    field_rights: list[Labelled]
    scopes: list[Labelled]
    exclusive: list[list[str]]
    """Roles nobody holds two of."""
    walls: list[list[Permission]]
    """Sets of permissions; no role and nobody touches two of them."""
