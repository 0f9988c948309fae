"""What codes are called in the sheets that leave the house: they go to creditors, so in Chinese."""

from __future__ import annotations

from typing import Final

CASE_STATES: Final = {
    "validating": "校验中",
    "awaiting_opening": "待开案",
    "number_screening": "号码筛选中",
    "awaiting_allocation": "待分案",
    "in_collection": "催收中",
    "promised": "承诺还款",
    "on_plan": "分期中",
    "retained": "留案",
    "legal": "司法",
    "on_hold": "停催",
    "complaint_frozen": "投诉冻结",
    "dispute_review": "异议核查",
    "paid_in_full": "全额结清",
    "settled_in_full": "打折结清",
    "returned": "已退案",
    "recalled": "已收回",
    "archived": "已归档",
    "purged": "已清除",
}
PAYMENT_STATES: Final = {"claimed": "待对账", "posted": "已入账", "reversed": "已冲正", "rejected": "已驳回"}
PAYMENT_METHODS: Final = {
    "bank_transfer": "银行转账",
    "auto_debit": "自动扣款",
    "app": "委托方App",
    "counter": "柜台",
    "other": "其他",
}
PROMISE_STATES: Final = {
    "open": "待兑现",
    "kept": "已兑现",
    "partly_kept": "部分兑现",
    "broken": "跳票",
    "cancelled": "已撤销",
}
