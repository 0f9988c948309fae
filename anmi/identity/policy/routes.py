"""HTTP of the security policy."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.identity.policy.schemas import PolicyAsked, PolicySeen
from anmi.identity.policy.service import Policies
from anmi.kit.web import Unit, requires, room

router = room("/identity/policy")


@router.get("", dependencies=[requires(Permission.POLICY_READ)])
async def read_policy(unit: Unit) -> PolicySeen:
    """Return the policy in force."""
    return PolicySeen.of(*await Policies(unit).current())


@router.put("", dependencies=[requires(Permission.POLICY_WRITE)])
async def set_policy(unit: Unit, asked: PolicyAsked) -> PolicySeen:
    """Replace the policy."""
    return PolicySeen.of(*await Policies(unit).set(asked.policy(), asked.version))
