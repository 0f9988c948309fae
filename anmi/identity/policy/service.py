"""Reading and setting the security policy of an agency, never below the platform's floor."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.core.audit_actions import AuditAction
from anmi.core.security_policy import (
    AccountRules,
    LockoutRules,
    PasswordRules,
    SecurityPolicy,
    SessionRules,
    breaches,
)
from anmi.identity.policy.models import SecurityPolicyRow
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Invalid, StaleVersion
from anmi.kit.unit_of_work import UnitOfWork


class PolicyOutOfBounds(Invalid):
    """The policy is more lenient than the platform allows, or stricter than anybody could bear."""

    code = "POLICY_OUT_OF_BOUNDS"
    zh, en = "安全策略超出平台允许的范围", "The policy is outside the bounds of the platform"

    @classmethod
    def of(cls, policy: SecurityPolicy) -> Self | None:
        """Return the refusal of a policy that breaks bounds."""
        fields = [
            {"path": breach.path, "message": f"{breach.bounds.least}–{breach.bounds.most}"}
            for breach in breaches(policy)
        ]
        return cls(fields=fields) if fields else None


class Policies:
    """The policy of the unit's agency: its own, or the defaults."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def current(self) -> tuple[SecurityPolicy, int]:
        """Return the policy and its version; 0 is the version of an agency that has set none."""
        row = await _row(self._unit.session)
        return (_policy(row.body), row.version) if row else (SecurityPolicy(), 0)

    async def set(self, policy: SecurityPolicy, version: int) -> tuple[SecurityPolicy, int]:
        """Replace the policy that was read as `version`."""
        if refusal := PolicyOutOfBounds.of(policy):
            raise refusal
        before, _ = await self.current()
        row = await _row(self._unit.session)
        body = _body(policy)
        if row is not None:
            row.edit(version)
            row.body = body
        elif version != 0:
            raise StaleVersion
        else:
            row = SecurityPolicyRow(tenant_id=self._unit.tenant_id, body=body, version=1)
            async with refused_as(self._unit.session, {"uq_security_policies_tenant_id": StaleVersion()}):
                self._unit.session.add(row)
        self._unit.remember(AuditAction.POLICY_CHANGED, before=_body(before), after=body)
        self._unit.tell("policy", "PolicyChanged")
        return policy, row.version


async def policy_of(session: AsyncSession) -> SecurityPolicy:
    """Return the policy of the agency a database session works for."""
    row = await _row(session)
    return _policy(row.body) if row else SecurityPolicy()


async def _row(session: AsyncSession) -> SecurityPolicyRow | None:
    return await session.scalar(select(SecurityPolicyRow))


def _body(policy: SecurityPolicy) -> dict[str, Any]:
    return asdict(policy) | {"totp_required_roles": sorted(policy.totp_required_roles)}


def _policy(body: dict[str, Any]) -> SecurityPolicy:
    return SecurityPolicy(
        PasswordRules(**body["password"]),
        LockoutRules(**body["lockout"]),
        SessionRules(**body["session"]),
        AccountRules(**body.get("account", {})),
        frozenset(body["totp_required_roles"]),
    )
