"""What the log remembers: every action with the words an auditor reads."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from anmi.core.permissions import Words


class AuditAction(StrEnum):
    """Something somebody did, or tried to do."""

    SESSION_OPENED = "session.opened"
    SESSION_REFUSED = "session.refused"
    SESSION_CLOSED = "session.closed"
    SESSION_ENDED = "session.ended"
    SECOND_FACTOR_PASSED = "second_factor.passed"
    SECOND_FACTOR_REFUSED = "second_factor.refused"
    SECOND_FACTOR_ENROLLED = "second_factor.enrolled"
    SECOND_FACTOR_RESET = "second_factor.reset"
    RECOVERY_CODE_USED = "recovery_code.used"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a word of the log, not a password
    PASSWORD_RESET = "password.reset"  # noqa: S105
    PERSON_LOCKED_OUT = "person.locked_out"
    PERSON_UNLOCKED = "person.unlocked"
    PERSON_ADDED = "person.added"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    PERSON_REVEALED = "person.revealed"
    GRANTS_CHANGED = "grants.changed"
    ORG_UNIT_ADDED = "org_unit.added"
    ORG_UNIT_CHANGED = "org_unit.changed"
    ORG_UNIT_MOVED = "org_unit.moved"
    ORG_UNIT_REMOVED = "org_unit.removed"
    ROLE_ADDED = "role.added"
    ROLE_CHANGED = "role.changed"
    ROLE_REMOVED = "role.removed"
    POLICY_CHANGED = "policy.changed"
    TOKEN_ISSUED = "token.issued"  # noqa: S105
    TOKEN_REVOKED = "token.revoked"  # noqa: S105
    AUDIT_READ = "audit.read"
    AUDIT_VERIFIED = "audit.verified"
    JOB_RETRIED = "job.retried"
    JOB_DISCARDED = "job.discarded"
    TENANT_CREATED = "tenant.created"
    TENANT_SUSPENDED = "tenant.suspended"
    TENANT_RESUMED = "tenant.resumed"
    KEYS_ROTATED = "keys.rotated"
    REQUEST_REFUSED = "request.refused"
    PHONE_ADDED = "phone.added"
    PHONE_CHANGED = "phone.changed"
    CONTACT_STOPPED = "contact.stopped"
    NUMBER_SUPPRESSED = "number.suppressed"
    NUMBER_RELEASED = "number.released"
    CASE_REVEALED = "case.revealed"
    CASE_RETURNED = "case.returned"
    CASE_RETAINED = "case.retained"
    CASE_LEGAL_STARTED = "case.legal_started"
    CASE_LEGAL_ENDED = "case.legal_ended"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    SPECIAL_FLAG_SET = "special_flag.set"
    SPECIAL_FLAG_REMOVED = "special_flag.removed"
    CREDITOR_ADDED = "creditor.added"
    CREDITOR_CHANGED = "creditor.changed"
    TERMS_AGREED = "terms.agreed"
    PRODUCT_ADDED = "product.added"
    PRODUCT_CHANGED = "product.changed"
    CONCESSION_ASKED = "concession.asked"
    CONCESSION_DECIDED = "concession.decided"
    CONCESSION_ANSWERED = "concession.answered"
    CONCESSION_WITHDRAWN = "concession.withdrawn"
    PLAN_SIGNED = "plan.signed"
    PLAN_BREACHED = "plan.breached"
    PAYMENT_POSTED = "payment.posted"
    PAYMENT_REJECTED = "payment.rejected"
    PAYMENT_REVERSED = "payment.reversed"
    STATEMENT_IMPORTED = "statement.imported"
    STATEMENT_LINE_MATCHED = "statement_line.matched"
    STATEMENT_LINE_SET_ASIDE = "statement_line.set_aside"
    COMMISSION_DRAFTED = "commission.drafted"
    COMMISSION_SENT = "commission.sent"
    COMMISSION_AGREED = "commission.agreed"
    CONTACT_RULE_MADE = "contact_rule.made"
    CONTACT_RULE_ENDED = "contact_rule.ended"
    ALLOCATION_CARRIED_OUT = "allocation.carried_out"
    ALLOCATION_UNDONE = "allocation.undone"
    CASES_REALLOCATED = "cases.reallocated"
    OPENING_STARTED = "opening.started"
    OPENING_RULES_CHANGED = "opening_rules.changed"
    PLACEMENT_ADDED = "placement.added"
    PLACEMENT_PAUSED = "placement.paused"
    PLACEMENT_RESUMED = "placement.resumed"
    PLACEMENT_RECALLED = "placement.recalled"
    PLACEMENT_RETURNED = "placement.returned"
    IMPORT_ADDED = "import.added"
    IMPORT_STARTED = "import.started"
    IMPORT_COMMITTED = "import.committed"
    IMPORT_REMOVED = "import.removed"
    FINDINGS_EXPORTED = "findings.exported"
    LIST_EXPORTED = "list.exported"
    RETENTION_ASKED = "retention.asked"
    RETENTION_ANSWERED = "retention.answered"
    RETENTION_WITHDRAWN = "retention.withdrawn"
    RECORDING_SEALED = "recording.sealed"
    RECORDING_PLAYED = "recording.played"
    RECORDING_DOWNLOADED = "recording.downloaded"
    RECORDING_DELETED = "recording.deleted"
    RECORDING_HELD = "recording.held"
    RECORDING_FREED = "recording.freed"
    PACK_ASKED = "pack.asked"
    PACK_FETCHED = "pack.fetched"
    TRUNK_ADDED = "trunk.added"
    TRUNK_CHANGED = "trunk.changed"
    CALLER_ID_ADDED = "caller_id.added"
    CALLER_ID_CHANGED = "caller_id.changed"
    CALLER_ID_COMPLAINED = "caller_id.complained"
    CALLER_IDS_IMPORTED = "caller_ids.imported"
    AGENT_ADDED = "agent.added"
    AGENT_CHANGED = "agent.changed"
    AGENT_REMOVED = "agent.removed"
    SCORECARD_MADE = "scorecard.made"
    SCORECARD_CHANGED = "scorecard.changed"
    CALL_INSPECTED = "inspection.decided"
    APPEAL_MADE = "appeal.made"
    APPEAL_DECIDED = "appeal.decided"
    ALARM_ANSWERED = "alarm.answered"
    ALARM_ESCALATED = "alarm.escalated"
    SIGNAL_HELPED = "signal.helped"
    WATCH_POLICY_CHANGED = "watch_policy.changed"
    CALIBRATION_CALLED = "calibration.called"
    CALIBRATION_CLOSED = "calibration.closed"
    QUALITY_RULES_PROPOSED = "quality_rules.proposed"
    QUALITY_RULES_PUBLISHED = "quality_rules.published"
    QUALITY_RULES_REJECTED = "quality_rules.rejected"
    CALL_MONITORED = "call.monitored"
    CALL_TAKEN_OVER = "call.taken_over"
    CALL_RELEASED = "call.released"


class Outcome(StrEnum):
    """How it went."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


AUDIT_WORDS: Final[dict[AuditAction, Words]] = {
    AuditAction.SESSION_OPENED: Words("登录", "Signed in"),
    AuditAction.SESSION_REFUSED: Words("登录失败", "Sign-in refused"),
    AuditAction.SESSION_CLOSED: Words("退出登录", "Signed out"),
    AuditAction.SESSION_ENDED: Words("会话被终止", "Session ended"),
    AuditAction.SECOND_FACTOR_PASSED: Words("通过二次验证", "Second factor passed"),
    AuditAction.SECOND_FACTOR_REFUSED: Words("二次验证失败", "Second factor refused"),
    AuditAction.SECOND_FACTOR_ENROLLED: Words("启用二次验证", "Second factor enrolled"),
    AuditAction.SECOND_FACTOR_RESET: Words("重置二次验证", "Second factor reset"),
    AuditAction.RECOVERY_CODE_USED: Words("使用恢复码", "Recovery code used"),
    AuditAction.PASSWORD_CHANGED: Words("修改密码", "Password changed"),
    AuditAction.PASSWORD_RESET: Words("重置密码", "Password reset"),
    AuditAction.PERSON_LOCKED_OUT: Words("账号锁定", "Account locked"),
    AuditAction.PERSON_UNLOCKED: Words("账号解锁", "Account unlocked"),
    AuditAction.PERSON_ADDED: Words("新增人员", "Person added"),
    AuditAction.PERSON_CHANGED: Words("修改人员", "Person changed"),
    AuditAction.PERSON_DISABLED: Words("停用人员", "Person disabled"),
    AuditAction.PERSON_ENABLED: Words("启用人员", "Person enabled"),
    AuditAction.PERSON_REVEALED: Words("查看人员完整信息", "Personal field revealed"),
    AuditAction.GRANTS_CHANGED: Words("变更授权", "Grants changed"),
    AuditAction.ORG_UNIT_ADDED: Words("新增组织", "Unit added"),
    AuditAction.ORG_UNIT_CHANGED: Words("修改组织", "Unit changed"),
    AuditAction.ORG_UNIT_MOVED: Words("移动组织", "Unit moved"),
    AuditAction.ORG_UNIT_REMOVED: Words("删除组织", "Unit removed"),
    AuditAction.ROLE_ADDED: Words("新增角色", "Role added"),
    AuditAction.ROLE_CHANGED: Words("修改角色", "Role changed"),
    AuditAction.ROLE_REMOVED: Words("删除角色", "Role removed"),
    AuditAction.POLICY_CHANGED: Words("修改安全策略", "Security policy changed"),
    AuditAction.TOKEN_ISSUED: Words("签发接口令牌", "API token issued"),
    AuditAction.TOKEN_REVOKED: Words("吊销接口令牌", "API token revoked"),
    AuditAction.AUDIT_READ: Words("查询审计日志", "Audit log read"),
    AuditAction.AUDIT_VERIFIED: Words("校验审计日志", "Audit log verified"),
    AuditAction.JOB_RETRIED: Words("重试后台任务", "Job retried"),
    AuditAction.JOB_DISCARDED: Words("丢弃后台任务", "Job discarded"),
    AuditAction.TENANT_CREATED: Words("创建租户", "Tenant created"),
    AuditAction.TENANT_SUSPENDED: Words("暂停租户", "Tenant suspended"),
    AuditAction.TENANT_RESUMED: Words("恢复租户", "Tenant resumed"),
    AuditAction.KEYS_ROTATED: Words("轮换密钥", "Keys rotated"),
    AuditAction.REQUEST_REFUSED: Words("越权请求被拒", "Request refused"),
    AuditAction.PHONE_ADDED: Words("新增电话", "Phone added"),
    AuditAction.PHONE_CHANGED: Words("修改电话", "Phone changed"),
    AuditAction.CONTACT_STOPPED: Words("登记停止联系请求", "Demand to stop contact written down"),
    AuditAction.NUMBER_SUPPRESSED: Words("加入免打扰名单", "Number suppressed"),
    AuditAction.NUMBER_RELEASED: Words("移出免打扰名单", "Number taken off the suppression list"),
    AuditAction.CASE_REVEALED: Words("查看案件完整信息", "Personal field of a case revealed"),
    AuditAction.CASE_RETURNED: Words("退案", "Case returned"),
    AuditAction.CASE_RETAINED: Words("留案", "Case retained"),
    AuditAction.CASE_LEGAL_STARTED: Words("转司法", "Case taken to court"),
    AuditAction.CASE_LEGAL_ENDED: Words("司法结束", "Court case ended"),
    AuditAction.HOLD_PLACED: Words("停催", "Hold placed"),
    AuditAction.HOLD_LIFTED: Words("解除停催", "Hold lifted"),
    AuditAction.SPECIAL_FLAG_SET: Words("标记特殊人群", "Special group marked"),
    AuditAction.SPECIAL_FLAG_REMOVED: Words("取消特殊人群标记", "Special group unmarked"),
    AuditAction.CREDITOR_ADDED: Words("新增委托方", "Creditor added"),
    AuditAction.CREDITOR_CHANGED: Words("修改委托方", "Creditor changed"),
    AuditAction.TERMS_AGREED: Words("登记委托条款", "Terms agreed"),
    AuditAction.PRODUCT_ADDED: Words("新增产品", "Product added"),
    AuditAction.PRODUCT_CHANGED: Words("修改产品", "Product changed"),
    AuditAction.CONCESSION_ASKED: Words("申请减免", "Concession asked for"),
    AuditAction.CONCESSION_DECIDED: Words("审批减免", "Concession decided"),
    AuditAction.CONCESSION_ANSWERED: Words("登记委托方批复", "Creditor's answer written down"),
    AuditAction.CONCESSION_WITHDRAWN: Words("撤回减免申请", "Concession withdrawn"),
    AuditAction.PLAN_SIGNED: Words("签署分期协议", "Payment plan signed"),
    AuditAction.PLAN_BREACHED: Words("分期协议违约", "Payment plan breached"),
    AuditAction.PAYMENT_POSTED: Words("还款入账", "Payment posted"),
    AuditAction.PAYMENT_REJECTED: Words("驳回还款", "Payment rejected"),
    AuditAction.PAYMENT_REVERSED: Words("还款冲正", "Payment reversed"),
    AuditAction.STATEMENT_IMPORTED: Words("导入对账单", "Statement imported"),
    AuditAction.STATEMENT_LINE_MATCHED: Words("人工匹配对账行", "Statement line matched by hand"),
    AuditAction.STATEMENT_LINE_SET_ASIDE: Words("搁置对账行", "Statement line set aside"),
    AuditAction.COMMISSION_DRAFTED: Words("制作结佣单", "Commission statement drafted"),
    AuditAction.COMMISSION_SENT: Words("发出结佣单", "Commission statement sent"),
    AuditAction.COMMISSION_AGREED: Words("确认结佣单", "Commission statement agreed"),
    AuditAction.CONTACT_RULE_MADE: Words("收紧触达规则", "Contact rule made stricter"),
    AuditAction.CONTACT_RULE_ENDED: Words("停用触达规则", "Stricter contact rule ended"),
    AuditAction.ALLOCATION_CARRIED_OUT: Words("执行分案", "Allocation carried out"),
    AuditAction.ALLOCATION_UNDONE: Words("撤销分案", "Allocation undone"),
    AuditAction.CASES_REALLOCATED: Words("调案", "Cases reallocated"),
    AuditAction.OPENING_STARTED: Words("发起智能开案", "Case opening started"),
    AuditAction.OPENING_RULES_CHANGED: Words("修改开案规则", "Opening rules changed"),
    AuditAction.PLACEMENT_ADDED: Words("新建委案批次", "Placement added"),
    AuditAction.PLACEMENT_PAUSED: Words("暂停委案批次", "Placement paused"),
    AuditAction.PLACEMENT_RESUMED: Words("恢复委案批次", "Placement resumed"),
    AuditAction.PLACEMENT_RECALLED: Words("撤回委案批次（委托方收回）", "Placement recalled"),
    AuditAction.PLACEMENT_RETURNED: Words("退回委案批次", "Placement returned"),
    AuditAction.IMPORT_ADDED: Words("上传导入文件", "Import uploaded"),
    AuditAction.IMPORT_STARTED: Words("开始导入", "Import started"),
    AuditAction.IMPORT_COMMITTED: Words("完成导入", "Import committed"),
    AuditAction.IMPORT_REMOVED: Words("删除导入文件", "Import removed"),
    AuditAction.FINDINGS_EXPORTED: Words("导出问题清单", "Findings exported"),
    AuditAction.LIST_EXPORTED: Words("导出列表", "List exported"),
    AuditAction.RETENTION_ASKED: Words("申请留案", "Retention asked for"),
    AuditAction.RETENTION_ANSWERED: Words("登记留案答复", "Retention answered"),
    AuditAction.RETENTION_WITHDRAWN: Words("撤回留案申请", "Retention withdrawn"),
    AuditAction.RECORDING_SEALED: Words("录音留存", "Recording sealed"),
    AuditAction.RECORDING_PLAYED: Words("播放录音", "Recording played"),
    AuditAction.RECORDING_DOWNLOADED: Words("下载录音", "Recording downloaded"),
    AuditAction.RECORDING_DELETED: Words("删除到期录音", "Recording deleted, its time being over"),
    AuditAction.RECORDING_HELD: Words("冻结录音", "Recording put on hold"),
    AuditAction.RECORDING_FREED: Words("解除录音冻结", "Hold on a recording lifted"),
    AuditAction.PACK_ASKED: Words("申请批量打包", "Pack of calls asked for"),
    AuditAction.PACK_FETCHED: Words("批量打包下载", "Pack of calls fetched"),
    AuditAction.TRUNK_ADDED: Words("新增线路", "Trunk added"),
    AuditAction.TRUNK_CHANGED: Words("修改线路", "Trunk changed"),
    AuditAction.CALLER_ID_ADDED: Words("新增外显号码", "Caller id added"),
    AuditAction.CALLER_ID_CHANGED: Words("修改外显号码", "Caller id changed"),
    AuditAction.CALLER_ID_COMPLAINED: Words("登记外显号码投诉", "Complaint about a caller id written down"),
    AuditAction.CALLER_IDS_IMPORTED: Words("导入外显号码", "Caller ids imported"),
    AuditAction.AGENT_ADDED: Words("开通坐席", "Agent added"),
    AuditAction.AGENT_CHANGED: Words("修改坐席", "Agent changed"),
    AuditAction.AGENT_REMOVED: Words("停用坐席", "Agent removed"),
    AuditAction.SCORECARD_MADE: Words("新建评分卡", "Scorecard made"),
    AuditAction.SCORECARD_CHANGED: Words("修改评分卡", "Scorecard changed"),
    AuditAction.CALL_INSPECTED: Words("质检评定", "Call inspected"),
    AuditAction.APPEAL_MADE: Words("提出质检申诉", "Appeal made"),
    AuditAction.APPEAL_DECIDED: Words("裁决质检申诉", "Appeal decided"),
    AuditAction.ALARM_ANSWERED: Words("处理告警", "Alarm answered"),
    AuditAction.ALARM_ESCALATED: Words("告警升级", "Alarm handed up"),
    AuditAction.SIGNAL_HELPED: Words("客户信号处置", "Debtor's signal helped"),
    AuditAction.WATCH_POLICY_CHANGED: Words("修改实时质检策略", "Live watch policy changed"),
    AuditAction.CALIBRATION_CALLED: Words("发起质检校准", "Calibration called"),
    AuditAction.CALIBRATION_CLOSED: Words("结束质检校准", "Calibration closed"),
    AuditAction.QUALITY_RULES_PROPOSED: Words("提交质检规则", "Quality rules proposed"),
    AuditAction.QUALITY_RULES_PUBLISHED: Words("发布质检规则", "Quality rules published"),
    AuditAction.QUALITY_RULES_REJECTED: Words("驳回质检规则", "Quality rules rejected"),
    AuditAction.CALL_MONITORED: Words("监听通话", "Call monitored"),
    AuditAction.CALL_TAKEN_OVER: Words("接管通话", "Call taken over"),
    AuditAction.CALL_RELEASED: Words("强拆通话", "Call released by force"),
}
