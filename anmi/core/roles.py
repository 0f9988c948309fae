"""The roles every agency has, and the rule that keeps its three administrators apart (三员分立).

The system administrator manages accounts, the security administrator rights and rules, the auditor reads the log.
Nobody holds two of them, and none of them sees casework (GB/T 22239-2019, 8.1.4.2 d).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from anmi.core.permissions import FieldRight, Permission, Words


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of permissions and field rights."""

    code: str
    words: Words
    permissions: frozenset[Permission]
    field_rights: frozenset[FieldRight] = frozenset()


P, F = Permission, FieldRight

COLLECTOR: Final = Role(
    "collector",
    Words("催收员", "Collector"),
    frozenset(
        {
            P.CASES_READ,
            P.CASES_WORK,
            P.PAYMENTS_READ,
            P.WORK_ORDERS_READ,
            P.WORK_ORDERS_WRITE,
            P.PHONE_USE,
            P.CALLS_READ,
            P.TRANSCRIPTS_READ,
            P.INSPECTIONS_READ,
            P.APPEALS_WRITE,
        }
    ),
    frozenset({F.RECORDING_PLAY}),
)
SUPERVISOR: Final = Role(
    "supervisor",
    Words("组长/主管", "Supervisor"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.PLACEMENTS_READ,
            P.CASES_READ,
            P.CASES_WORK,
            P.CASES_ALLOCATE,
            P.CASES_HOLD,
            P.CONCESSIONS_APPROVE,
            P.PAYMENTS_READ,
            P.CONTACT_RULES_READ,
            P.WORK_ORDERS_READ,
            P.WORK_ORDERS_WRITE,
            P.PHONE_USE,
            P.AGENTS_READ,
            P.CALLS_READ,
            P.FLOOR_READ,
            P.CALLS_MONITOR,
            P.CALLS_WHISPER,
            P.CALLS_BARGE,
            P.CALLS_TAKE_OVER,
            P.CALLS_RELEASE,
            P.TRANSCRIPTS_READ,
            P.INSPECTIONS_READ,
            P.APPEALS_WRITE,
            P.ALARMS_ANSWER,
            P.QUALITY_RULES_READ,
        }
    ),
    frozenset({F.RECORDING_PLAY, F.PHONE_FULL}),
)
INSPECTOR: Final = Role(
    "inspector",
    Words("质检员", "Inspector"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.CASES_READ,
            P.CONTACT_RULES_READ,
            P.AGENTS_READ,
            P.CALLS_READ,
            P.FLOOR_READ,
            P.CALLS_MONITOR,
            P.RECORDINGS_HOLD,
            P.TRANSCRIPTS_READ,
            P.INSPECTIONS_READ,
            P.INSPECTIONS_WRITE,
            P.ALARMS_ANSWER,
            P.QUALITY_RULES_READ,
            P.QUALITY_RULES_WRITE,
        }
    ),
    frozenset({F.RECORDING_PLAY}),
)
OPERATIONS: Final = Role(
    "operations",
    Words("运营", "Operations"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.JOBS_READ,
            P.CREDITORS_READ,
            P.CREDITORS_WRITE,
            P.PLACEMENTS_READ,
            P.PLACEMENTS_IMPORT,
            P.PLACEMENTS_WRITE,
            P.CASES_READ,
            P.CASES_ALLOCATE,
            P.CASES_HOLD,
            P.CONCESSIONS_APPROVE,
            P.PAYMENTS_READ,
            P.PAYMENTS_POST,
            P.COMMISSION_READ,
            P.COMMISSION_WRITE,
            P.CONTACT_RULES_READ,
            P.WORK_ORDERS_READ,
            P.WORK_ORDERS_WRITE,
            P.AGENTS_READ,
            P.CALLS_READ,
            P.TRUNKS_READ,
            P.CALLER_IDS_READ,
        }
    ),
    frozenset({F.PHONE_FULL, F.EXPORT}),
)
OWNER: Final = Role(
    "owner",
    Words("机构负责人", "Owner"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.ROLES_READ,
            P.JOBS_READ,
            P.POLICY_READ,
            P.CREDITORS_READ,
            P.PLACEMENTS_READ,
            P.CASES_READ,
            P.CONCESSIONS_APPROVE,
            P.PAYMENTS_READ,
            P.COMMISSION_READ,
            P.CONTACT_RULES_READ,
            P.CONTACT_RULES_WRITE,
            P.WORK_ORDERS_READ,
            P.AGENTS_READ,
            P.CALLS_READ,
            P.FLOOR_READ,
            P.TRUNKS_READ,
            P.CALLER_IDS_READ,
            P.RECORDINGS_HOLD,
            P.TRANSCRIPTS_READ,
            P.INSPECTIONS_READ,
            P.QUALITY_RULES_READ,
            P.QUALITY_RULES_APPROVE,
        }
    ),
    frozenset({F.PHONE_FULL, F.ID_NUMBER_FULL, F.RECORDING_PLAY, F.RECORDING_DOWNLOAD, F.EXPORT}),
)
PHONE_ADMINISTRATOR: Final = Role(
    "phone_administrator",
    Words("话务管理员", "Phone administrator"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.AGENTS_READ,
            P.AGENTS_WRITE,
            P.CALLS_READ,
            P.FLOOR_READ,
            P.TRUNKS_READ,
            P.TRUNKS_WRITE,
            P.CALLER_IDS_READ,
            P.CALLER_IDS_WRITE,
        }
    ),
    # Who administers the phone floor hands recordings out, on request and on the record.
    frozenset({F.RECORDING_PLAY, F.RECORDING_DOWNLOAD, F.EXPORT}),
)
SYSTEM_ADMINISTRATOR: Final = Role(
    "system_administrator",
    Words("系统管理员", "System administrator"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.PEOPLE_WRITE,
            P.ORG_UNITS_READ,
            P.ORG_UNITS_WRITE,
            P.ROLES_READ,
            P.SESSIONS_END,
            P.JOBS_READ,
            P.JOBS_WRITE,
        }
    ),
    frozenset({F.PHONE_FULL}),
)
SECURITY_ADMINISTRATOR: Final = Role(
    "security_administrator",
    Words("安全管理员", "Security administrator"),
    frozenset(
        {
            P.PEOPLE_READ,
            P.ORG_UNITS_READ,
            P.ROLES_READ,
            P.ROLES_WRITE,
            P.GRANTS_WRITE,
            P.SECOND_FACTORS_WRITE,
            P.POLICY_READ,
            P.POLICY_WRITE,
            P.SESSIONS_END,
            P.TOKENS_READ,
            P.TOKENS_WRITE,
        }
    ),
)
AUDITOR: Final = Role("auditor", Words("审计员", "Auditor"), frozenset({P.AUDIT_READ, P.AUDIT_VERIFY}))
PLATFORM_OPERATOR: Final = Role(
    "platform_operator", Words("平台运营", "Platform operator"), frozenset({P.TENANTS_READ, P.TENANTS_WRITE})
)

BUILT_IN_ROLES: Final[dict[str, Role]] = {
    role.code: role
    for role in (
        COLLECTOR,
        SUPERVISOR,
        INSPECTOR,
        OPERATIONS,
        OWNER,
        PHONE_ADMINISTRATOR,
        SYSTEM_ADMINISTRATOR,
        SECURITY_ADMINISTRATOR,
        AUDITOR,
        PLATFORM_OPERATOR,
    )
}

ADMINISTRATORS: Final = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR)

# What one administrator does and another must never do; custom roles keep the same wall.
WALLS: Final = (
    frozenset({P.PEOPLE_WRITE, P.ORG_UNITS_WRITE}),
    frozenset({P.ROLES_WRITE, P.GRANTS_WRITE, P.SECOND_FACTORS_WRITE, P.POLICY_WRITE, P.TOKENS_WRITE}),
    frozenset({P.AUDIT_READ, P.AUDIT_VERIFY}),
)

PLATFORM: Final = PLATFORM_OPERATOR.permissions
"""Permissions over other agencies: no role of an agency's own making holds them."""

ADMINISTRATIVE: Final = frozenset[Permission]().union(*WALLS)
"""Permissions of the administrators: whoever holds one is given no casework."""

IDENTITY_THINGS: Final = frozenset(
    {
        "people",
        "grants",
        "second_factors",
        "org_units",
        "roles",
        "policy",
        "sessions",
        "tokens",
        "audit",
        "jobs",
        "tenants",
    }
)


def forbidden_together(permissions: Iterable[Permission]) -> tuple[Permission, Permission] | None:
    """Name two permissions that must not be in one pair of hands, or None."""
    held = sorted(set(permissions))
    walls = [[permission for permission in held if permission in wall] for wall in WALLS]
    touched = [wall[0] for wall in walls if wall]
    if len(touched) > 1:
        return touched[0], touched[1]
    casework = [permission for permission in held if permission.thing not in IDENTITY_THINGS]
    if touched and casework:
        return touched[0], casework[0]
    return None


def excluding_pair(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """Name two roles that must not be in one pair of hands, or None; a role that breaks the wall alone comes twice."""
    held = sorted(set(roles), key=lambda role: role.code)
    forbidden = forbidden_together(permission for role in held for permission in role.permissions)
    if forbidden is None:
        return None
    one, other = forbidden
    return (
        next(role for role in held if one in role.permissions),
        next(role for role in held if other in role.permissions),
    )
