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
    SECOND_FACTORS_WRITE = "second_factors.write"
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

    CREDITORS_READ = "creditors.read"
    CREDITORS_WRITE = "creditors.write"
    PLACEMENTS_READ = "placements.read"
    PLACEMENTS_IMPORT = "placements.import"
    PLACEMENTS_WRITE = "placements.write"
    CASES_READ = "cases.read"
    CASES_WORK = "cases.work"
    CASES_ALLOCATE = "cases.allocate"
    CASES_HOLD = "cases.hold"
    CONCESSIONS_APPROVE = "concessions.approve"
    PAYMENTS_READ = "payments.read"
    PAYMENTS_POST = "payments.post"
    COMMISSION_READ = "commission.read"
    COMMISSION_WRITE = "commission.write"
    CONTACT_RULES_READ = "contact_rules.read"
    CONTACT_RULES_WRITE = "contact_rules.write"
    WORK_ORDERS_READ = "work_orders.read"
    WORK_ORDERS_WRITE = "work_orders.write"

    PHONE_USE = "phone.use"
    AGENTS_READ = "agents.read"
    AGENTS_WRITE = "agents.write"
    CALLS_READ = "calls.read"
    FLOOR_READ = "floor.read"
    CALLS_MONITOR = "calls.monitor"
    CALLS_WHISPER = "calls.whisper"
    CALLS_BARGE = "calls.barge"
    CALLS_TAKE_OVER = "calls.take_over"
    CALLS_RELEASE = "calls.release"
    RECORDINGS_HOLD = "recordings.hold"
    TRUNKS_READ = "trunks.read"
    TRUNKS_WRITE = "trunks.write"
    CALLER_IDS_READ = "caller_ids.read"
    CALLER_IDS_WRITE = "caller_ids.write"
    TRANSCRIPTS_READ = "transcripts.read"
    INSPECTIONS_READ = "inspections.read"
    INSPECTIONS_WRITE = "inspections.write"
    APPEALS_WRITE = "appeals.write"
    ALARMS_ANSWER = "alarms.answer"
    QUALITY_RULES_READ = "quality_rules.read"
    QUALITY_RULES_WRITE = "quality_rules.write"
    QUALITY_RULES_APPROVE = "quality_rules.approve"

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
    Permission.SECOND_FACTORS_WRITE: Words("重置第二因素", "Reset second factors"),
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
    Permission.CREDITORS_READ: Words("查看委托方", "See creditors"),
    Permission.CREDITORS_WRITE: Words("管理委托方", "Manage creditors"),
    Permission.PLACEMENTS_READ: Words("查看委案批次", "See placements"),
    Permission.PLACEMENTS_IMPORT: Words("导入委案", "Import placements"),
    Permission.PLACEMENTS_WRITE: Words(
        "管理委案（开案、暂停、退案、撤案）", "Manage placements (open, pause, return, recall)"
    ),
    Permission.CASES_READ: Words("查看案件", "See cases"),
    Permission.CASES_WORK: Words(
        "作业案件（催记、承诺、减免申请）", "Work cases (activities, promises, requests for concessions)"
    ),
    Permission.CASES_ALLOCATE: Words("分案与调案", "Allocate cases"),
    Permission.CASES_HOLD: Words("停催与解除停催", "Hold cases and lift holds"),
    Permission.CONCESSIONS_APPROVE: Words("审批减免", "Approve concessions"),
    Permission.PAYMENTS_READ: Words("查看还款", "See payments"),
    Permission.PAYMENTS_POST: Words("入账、冲正与对账", "Post, reverse and reconcile payments"),
    Permission.COMMISSION_READ: Words("查看结佣", "See commission"),
    Permission.COMMISSION_WRITE: Words("制作结佣单", "Make commission statements"),
    Permission.CONTACT_RULES_READ: Words("查看触达规则", "See contact rules"),
    Permission.CONTACT_RULES_WRITE: Words("收紧触达规则", "Tighten contact rules"),
    Permission.WORK_ORDERS_READ: Words("查看工单", "See work orders"),
    Permission.WORK_ORDERS_WRITE: Words("处理工单", "See to work orders"),
    Permission.PHONE_USE: Words("使用话机", "Use the phone"),
    Permission.AGENTS_READ: Words("查看坐席", "See agents"),
    Permission.AGENTS_WRITE: Words("管理坐席", "Manage agents"),
    Permission.CALLS_READ: Words("查看通话", "See calls"),
    Permission.FLOOR_READ: Words("查看话务现场", "See the live floor"),
    Permission.CALLS_MONITOR: Words("监听", "Listen to live calls"),
    Permission.CALLS_WHISPER: Words("耳语", "Whisper to agents"),
    Permission.CALLS_BARGE: Words("强插", "Barge into calls"),
    Permission.CALLS_TAKE_OVER: Words("接管通话", "Take calls over"),
    Permission.CALLS_RELEASE: Words("强拆", "Force release calls"),
    Permission.RECORDINGS_HOLD: Words("冻结录音", "Keep recordings on hold"),
    Permission.TRUNKS_READ: Words("查看线路", "See trunks"),
    Permission.TRUNKS_WRITE: Words("管理线路", "Manage trunks"),
    Permission.CALLER_IDS_READ: Words("查看外显号码", "See caller ids"),
    Permission.CALLER_IDS_WRITE: Words("管理外显号码", "Manage caller ids"),
    Permission.TRANSCRIPTS_READ: Words("查看转写", "Read transcripts"),
    Permission.INSPECTIONS_READ: Words("查看质检", "See inspections"),
    Permission.INSPECTIONS_WRITE: Words("质检评定", "Inspect calls"),
    Permission.APPEALS_WRITE: Words("质检申诉", "Appeal against inspections"),
    Permission.ALARMS_ANSWER: Words("处理告警", "Answer alarms"),
    Permission.QUALITY_RULES_READ: Words("查看质检规则", "See quality rules"),
    Permission.QUALITY_RULES_WRITE: Words("编辑质检规则", "Edit quality rules"),
    Permission.QUALITY_RULES_APPROVE: Words("批准质检规则", "Approve quality rules"),
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
    "second_factors": Words("第二因素", "Second factors"),
    "org_units": Words("组织架构", "Organisation"),
    "roles": Words("角色", "Roles"),
    "policy": Words("安全策略", "Security policy"),
    "sessions": Words("会话", "Sessions"),
    "tokens": Words("接口令牌", "API tokens"),
    "audit": Words("审计日志", "Audit log"),
    "jobs": Words("后台任务", "Background jobs"),
    "tenants": Words("租户", "Tenants"),
    "creditors": Words("委托方", "Creditors"),
    "placements": Words("委案批次", "Placements"),
    "cases": Words("案件", "Cases"),
    "concessions": Words("减免", "Concessions"),
    "payments": Words("还款", "Payments"),
    "commission": Words("结佣", "Commission"),
    "contact_rules": Words("触达规则", "Contact rules"),
    "work_orders": Words("工单", "Work orders"),
    "phone": Words("话机", "Phone"),
    "agents": Words("坐席", "Agents"),
    "calls": Words("通话", "Calls"),
    "floor": Words("话务现场", "Floor"),
    "recordings": Words("录音", "Recordings"),
    "trunks": Words("线路", "Trunks"),
    "caller_ids": Words("外显号码", "Caller ids"),
    "transcripts": Words("转写", "Transcripts"),
    "inspections": Words("质检", "Inspections"),
    "appeals": Words("申诉", "Appeals"),
    "alarms": Words("告警", "Alarms"),
    "quality_rules": Words("质检规则", "Quality rules"),
}

VERB_WORDS: Final[dict[str, Words]] = {
    "read": Words("查看", "See"),
    "write": Words("管理", "Manage"),
    "end": Words("终止", "End"),
    "verify": Words("校验", "Verify"),
    "import": Words("导入", "Import"),
    "work": Words("作业", "Work"),
    "allocate": Words("分配", "Allocate"),
    "hold": Words("停催", "Hold"),
    "approve": Words("审批", "Approve"),
    "post": Words("入账", "Post"),
    "use": Words("使用", "Use"),
    "answer": Words("处理", "Answer"),
    "monitor": Words("监听", "Listen"),
    "whisper": Words("耳语", "Whisper"),
    "barge": Words("强插", "Barge"),
    "take_over": Words("接管", "Take over"),
    "release": Words("强拆", "Force release"),
}

UNSCOPED_THINGS: Final = frozenset(
    {"roles", "policy", "tokens", "jobs", "tenants", "trunks", "caller_ids", "quality_rules"}
)
"""Things that belong to the agency as a whole: a grant's scope makes no difference to them."""
