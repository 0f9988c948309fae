"""API tokens: issued with a few permissions, shown once, revocable at any time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import CHINA
from anmi.core.machine_rights import is_within, not_givable
from anmi.core.permissions import Permission, Scope, Words
from anmi.core.rights import Grant, reach_of
from anmi.core.roles import Role
from anmi.identity.org_units.service import OrgUnits, UnknownUnit
from anmi.identity.tokens.models import ApiToken
from anmi.kit.errors import Forbidden, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

PREFIX: Final = "anmi"


class NotGivable(Forbidden):
    """The issuer may not put these permissions into a token."""

    code = "NOT_GIVABLE"
    zh, en = "这些权限不能授予接口令牌", "These permissions cannot be given to a token"


class ReachTooFar(Forbidden):
    """The token would reach farther than its issuer."""

    code = "REACH_TOO_FAR"
    zh, en = "接口令牌的数据范围不能超出您自己的范围", "A token cannot reach farther than its issuer"


class MachineHasNoOwn(Invalid):
    """Nothing belongs to a machine itself."""

    code = "MACHINE_HAS_NO_OWN"
    zh, en = "接口令牌不能使用“本人”范围", "A token cannot have the scope “own”"


class AlreadyPast(Invalid):
    """The token would never be valid."""

    code = "ALREADY_PAST"
    zh, en = "到期日不能早于今天", "The last day must not be in the past"


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh token, and the only sight of it."""

    token: str
    row: ApiToken


class Tokens:
    """The API tokens of one agency."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> Sequence[ApiToken]:
        """Return the tokens that were not revoked, the newest first."""
        query = select(ApiToken).where(ApiToken.revoked_at.is_(None)).order_by(ApiToken.id.desc())
        return (await self._unit.session.scalars(query)).all()

    async def issue(
        self,
        name: str,
        permissions: Iterable[Permission],
        scope: Scope,
        expires_on: date | None = None,
        unit_id: UUID | None = None,
    ) -> Issued:
        """Issue a token that reaches as far as `scope` from a unit, the issuer's own by default."""
        issuer = self._unit.caller
        wanted = frozenset(permissions)
        unit_id = unit_id or issuer.unit_id
        if unit_id is None or issuer.person_id is None:
            raise Forbidden
        if refused := not_givable(wanted, self._unit.rights):
            raise NotGivable(permissions=refused)
        if expires_on is not None and expires_on < self._unit.now.astimezone(CHINA).date():
            raise AlreadyPast
        await self._check_reach(scope, unit_id)
        token = f"{PREFIX}_{self._unit.tenant_id.hex}_{secrets.token_urlsafe(32)}"
        row = ApiToken(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            name=name,
            token_digest=self._unit.keyring.token_digest(token),
            permissions=sorted(wanted),
            scope=scope,
            unit_id=unit_id,
            issued_by=issuer.person_id,
            issued_at=self._unit.now,
            expires_on=expires_on,
        )
        self._unit.session.add(row)
        self._unit.remember(
            AuditAction.TOKEN_ISSUED,
            ("token", row.id),
            name=name,
            permissions=row.permissions,
            scope=scope,
            unit_id=unit_id,
            expires_on=expires_on,
        )
        self._unit.tell("tokens", "TokenIssued", token_id=row.id)
        return Issued(token, row)

    async def revoke(self, token_id: UUID) -> None:
        """Revoke a token; from now on it opens nothing."""
        row = await self._unit.session.get(ApiToken, token_id, with_for_update=True)
        if row is None or row.revoked_at is not None:
            raise NotFound
        row.revoked_at = self._unit.now
        self._unit.remember(AuditAction.TOKEN_REVOKED, ("token", token_id), name=row.name)
        self._unit.tell("tokens", "TokenRevoked", token_id=token_id)

    async def _check_reach(self, scope: Scope, unit_id: UUID) -> None:
        if scope is Scope.OWN:
            raise MachineHasNoOwn
        parents = await OrgUnits(self._unit).parents()
        if unit_id not in parents:
            raise UnknownUnit
        asked = reach_of(scope, unit_id, parents)
        if not is_within(asked, self._unit.rights.of(Permission.TOKENS_WRITE)):
            raise ReachTooFar


def machine_tenant_of(token: str) -> UUID | None:
    """Read the tenant from a token."""
    prefix, _, rest = token.partition("_")
    tenant, _, chance = rest.partition("_")
    if prefix != PREFIX or len(tenant) != 32 or not chance:
        return None
    try:
        return UUID(hex=tenant)
    except ValueError:
        return None


async def live_token(unit: UnitOfWork, digest: bytes) -> ApiToken | None:
    """Return the token with this digest, unless it was revoked or its last day is over."""
    query = select(ApiToken).where(ApiToken.token_digest == digest, ApiToken.revoked_at.is_(None))
    token = await unit.session.scalar(query)
    if token is None or (token.expires_on is not None and token.expires_on < unit.now.astimezone(CHINA).date()):
        return None
    return token


def grant_of(token: ApiToken) -> Grant:
    """Return what a token is granted, as if it held a role of its own."""
    return Grant(_as_role(token.permissions), token.scope, token.unit_id)


async def touch_token(unit: UnitOfWork, token_id: UUID) -> None:
    """Write down when a token was last used."""
    await unit.session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=unit.now))


def _as_role(permissions: Iterable[str]) -> Role:
    held = frozenset(permission for permission in Permission if permission in frozenset(permissions))
    return Role("token", Words("接口令牌", "API token"), held)
