"""Where somebody stands: what her agency is like, which roles she holds there and what they come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.rights import Grant, Rights, rights_of
from anmi.core.roles import BUILT_IN_ROLES, Role
from anmi.core.security_policy import SecurityPolicy
from anmi.identity.policy.service import policy_of
from anmi.identity.roles.service import role_of
from anmi.identity.sessions import repository
from anmi.identity.tenants.models import Tenant, TenantState


@dataclass(frozen=True, slots=True)
class Agency:
    """What the rights of everybody in an agency rest on."""

    tenant: Tenant
    policy: SecurityPolicy
    roles: Mapping[str, Role]
    parents: Mapping[UUID, UUID | None]

    @property
    def is_suspended(self) -> bool:
        """Whether nobody of it may work."""
        return self.tenant.state is TenantState.SUSPENDED


@dataclass(frozen=True, slots=True)
class Standing:
    """The roles of one person, each once, and what they permit her."""

    roles: Sequence[Role]
    rights: Rights


async def agency_of(session: AsyncSession, tenant_id: UUID) -> Agency | None:
    """Return the agency a database session works for."""
    tenant = await repository.tenant(session, tenant_id)
    if tenant is None:
        return None
    own = {row.code: role_of(row) for row in await repository.custom_roles(session)}
    return Agency(tenant, await policy_of(session), BUILT_IN_ROLES | own, await repository.parents(session))


async def standing_of(session: AsyncSession, agency: Agency, person_id: UUID) -> Standing:
    """Return where somebody stands in her agency."""
    grants = [
        Grant(agency.roles[row.role], row.scope, row.unit_id)
        for row in await repository.grants(session, person_id)
        if row.role in agency.roles
    ]
    roles = {grant.role.code: grant.role for grant in grants}
    return Standing(tuple(roles.values()), rights_of(grants, agency.parents))
