"""How an agency wants its live calls watched: read, and set by whoever approves its rules."""

from __future__ import annotations

from typing import Any

from anmi.core.alarms import DebtorSignal
from anmi.core.audit_actions import AuditAction
from anmi.core.live_watch_policy import CRITICAL_CODES, WatchPolicy
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Invalid, StaleVersion
from anmi.kit.unit_of_work import UnitOfWork
from anmi.quality.live_watch import repository
from anmi.quality.live_watch.models import WatchPolicyRow


class NotCritical(Invalid):
    """Only a critical violation that is said aloud ends a call by force."""

    code = "WATCH_CODE_NOT_CRITICAL"
    zh, en = "{violation} 不能触发强制拆线", "No call is ended by force for {violation}"


class WatchPolicies:
    """The policy of the unit's agency: its own, or the defaults."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def current(self) -> tuple[WatchPolicy, int]:
        """Return the policy and its version; 0 is the version of an agency that has set none."""
        row = await repository.policy(self._unit.session)
        return (_policy(row.body), row.version) if row else (WatchPolicy(), 0)

    async def set(self, policy: WatchPolicy, version: int) -> tuple[WatchPolicy, int]:
        """Replace the policy that was read as `version`."""
        if strangers := policy.force_release.keys() - CRITICAL_CODES:
            raise NotCritical(violation=min(strangers))
        before, _ = await self.current()
        row = await repository.policy(self._unit.session)
        body = _body(policy)
        if row is not None:
            row.edit(version)
            row.body = body
        elif version != 0:
            raise StaleVersion
        else:
            row = WatchPolicyRow(tenant_id=self._unit.tenant_id, body=body, version=1)
            async with refused_as(self._unit.session, {"uq_watch_policies_tenant_id": StaleVersion()}):
                self._unit.session.add(row)
        self._unit.remember(AuditAction.WATCH_POLICY_CHANGED, before=_body(before), after=body)
        self._unit.tell("quality_rules", "WatchPolicyChanged")
        return policy, row.version


def _body(policy: WatchPolicy) -> dict[str, Any]:
    return {
        "force_release": dict(sorted(policy.force_release.items())),
        "automatic_help": sorted(policy.automatic_help),
        "escalate_after_seconds": policy.escalate_after_seconds,
        "silence_seconds": policy.silence_seconds,
        "overlong_seconds": policy.overlong_seconds,
    }


def _policy(body: dict[str, Any]) -> WatchPolicy:
    return WatchPolicy(
        body["force_release"],
        frozenset(DebtorSignal(signal) for signal in body["automatic_help"]),
        body["escalate_after_seconds"],
        body["silence_seconds"],
        body["overlong_seconds"],
    )
