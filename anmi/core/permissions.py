"""The catalogue of what can be permitted: a verb and a thing, each with the words people read.

A permission is granted through a role and reaches as far as the grant's scope. A field right opens one kind of field
or file that is otherwise masked or shut.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What somebody may do."""

    PEOPLE_READ = "people.read"
    PEOPLE_WRITE = "people.write"
    GRANTS_WRITE = "grants.write"
    ORG_UNITS_READ = "org_units.read"
    ORG_UNITS_WRITE = "org_units.write"
    ROLES_READ = "roles.read"
    ROLES_WRITE = "roles.write"
    POLICY_READ = "policy.read"
    POLICY_WRITE = "policy.write"
    SESSIONS_END = "sessions.end"
    TOKENS_READ = "tokens.read"
    TOKENS_WRITE = "tokens.write"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    JOBS_READ = "jobs.read"
    JOBS_WRITE = "jobs.write"
    TENANTS_READ = "tenants.read"
    TENANTS_WRITE = "tenants.write"

    @property
    def thing(self) -> str:
        """What it is about."""
        return self.partition(".")[0]

    @property
    def verb(self) -> str:
        """What may be done with it."""
        return self.partition(".")[2]


class FieldRight(StrEnum):
    """A field or file that stays masked or shut without this right."""

    PHONE_FULL = "phone.full"
    ID_NUMBER_FULL = "id_number.full"
    RECORDING_PLAY = "recording.play"
    RECORDING_DOWNLOAD = "recording.download"
    EXPORT = "export"


class Scope(StrEnum):
    """How far a grant reaches, from the narrowest to the widest."""

    OWN = "own"
    TEAM = "team"
    SUBTREE = "subtree"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Words:
    """What people read for a code."""

    zh: str
    en: str


PERMISSION_WORDS: Final[dict[Permission, Words]] = {
    Permission.PEOPLE_READ: Words("查看人员", "See people"),
    Permission.PEOPLE_WRITE: Words("管理人员账号", "Manage people's accounts"),
    Permission.GRANTS_WRITE: Words("授予角色", "Grant roles"),
    Permission.ORG_UNITS_READ: Words("查看组织架构", "See the organisation"),
    Permission.ORG_UNITS_WRITE: Words("管理组织架构", "Manage the organisation"),
    Permission.ROLES_READ: Words("查看角色", "See roles"),
    Permission.ROLES_WRITE: Words("管理角色", "Manage roles"),
    Permission.POLICY_READ: Words("查看安全策略", "See the security policy"),
    Permission.POLICY_WRITE: Words("管理安全策略", "Manage the security policy"),
    Permission.SESSIONS_END: Words("强制下线", "End other people's sessions"),
    Permission.TOKENS_READ: Words("查看接口令牌", "See API tokens"),
    Permission.TOKENS_WRITE: Words("管理接口令牌", "Manage API tokens"),
    Permission.AUDIT_READ: Words("查看审计日志", "Read the audit log"),
    Permission.AUDIT_VERIFY: Words("校验审计日志", "Verify the audit log"),
    Permission.JOBS_READ: Words("查看后台任务", "See background jobs"),
    Permission.JOBS_WRITE: Words("处理后台任务", "Manage background jobs"),
    Permission.TENANTS_READ: Words("查看租户", "See tenants"),
    Permission.TENANTS_WRITE: Words("管理租户", "Manage tenants"),
}

FIELD_RIGHT_WORDS: Final[dict[FieldRight, Words]] = {
    FieldRight.PHONE_FULL: Words("查看完整电话", "See full phone numbers"),
    FieldRight.ID_NUMBER_FULL: Words("查看完整证件号", "See full id numbers"),
    FieldRight.RECORDING_PLAY: Words("播放录音", "Play recordings"),
    FieldRight.RECORDING_DOWNLOAD: Words("下载录音", "Download recordings"),
    FieldRight.EXPORT: Words("导出数据", "Export data"),
}

SCOPE_WORDS: Final[dict[Scope, Words]] = {
    Scope.OWN: Words("本人", "Own"),
    Scope.TEAM: Words("本组", "Team"),
    Scope.SUBTREE: Words("本部门及下级", "Unit and below"),
    Scope.TENANT: Words("全机构", "Whole agency"),
}

THING_WORDS: Final[dict[str, Words]] = {
    "people": Words("人员", "People"),
    "grants": Words("授权", "Grants"),
    "org_units": Words("组织架构", "Organisation"),
    "roles": Words("角色", "Roles"),
    "policy": Words("安全策略", "Security policy"),
    "sessions": Words("会话", "Sessions"),
    "tokens": Words("接口令牌", "API tokens"),
    "audit": Words("审计日志", "Audit log"),
    "jobs": Words("后台任务", "Background jobs"),
    "tenants": Words("租户", "Tenants"),
}

VERB_WORDS: Final[dict[str, Words]] = {
    "read": Words("查看", "See"),
    "write": Words("管理", "Manage"),
    "end": Words("终止", "End"),
    "verify": Words("校验", "Verify"),
}

UNSCOPED_THINGS: Final = frozenset({"roles", "policy", "tokens", "jobs", "tenants"})
"""Things that belong to the agency as a whole: a grant's scope makes no difference to them."""
