"""What the demo's cases are drawn from: creditors and their placements, and what is written of a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Batch:
    """A placement of the demo: whose, how many cases, how long ago, and how far the work has come."""

    code: str
    creditor: str
    product: str
    tier: int
    cases: int
    days_ago: int
    buckets: tuple[str, ...]
    is_opened: bool = True
    is_worked: bool = True


CREDITORS: Final = (
    ("HYYH", "海岳银行（演示）", "bank", (("CARD", "信用卡"), ("LOAN", "个人消费贷"))),
    ("YFXJ", "云帆消费金融（演示）", "consumer_finance", (("CASH", "循环现金贷"),)),
    ("QHXD", "青禾小额贷款（演示）", "micro_loan", (("BIZ", "个体经营贷"),)),
)
BATCHES: Final = (
    Batch("HY-CARD-01", "HYYH", "CARD", 1, 900, 70, ("M2", "M3", "M4")),
    Batch("HY-LOAN-01", "HYYH", "LOAN", 2, 700, 45, ("M4", "M5", "M6")),
    Batch("YF-CASH-01", "YFXJ", "CASH", 1, 700, 30, ("M1", "M2", "M3")),
    Batch("QH-BIZ-01", "QHXD", "BIZ", 1, 400, 12, ("M3", "M5", "M7+"), is_worked=False),
    Batch("YF-CASH-02", "YFXJ", "CASH", 1, 300, 2, ("M1", "M2"), is_opened=False, is_worked=False),
)
NOTES: Final = {
    "NA": "拨打本人手机，无人接听。",
    "BSY": "本人手机忙线，稍后再拨。",
    "NEG": "本人接听，表示资金紧张，愿意与家人商量后答复。",
    "FD": "本人接听，近期失业，希望延期处理，已告知协商渠道。",
    "RTP": "本人接听，表示暂不还款，已说明逾期事实与官方还款渠道。",
    "CB": "本人接听，正在开会，约定稍后回拨。",
    "PTP": "本人接听，承诺按期还款，已复述金额、日期与官方还款渠道。",
    "CP": "本人称已通过官方渠道还款，等待对账。",
    "LM": "联系人接听，仅请其转告本人回电，未透露欠款信息。",
}
TERMS: Final[dict[str, Any]] = {
    "commission": [
        {"bucket": "M1", "mode": "whole", "steps": [{"from": "0", "rate": "0.08"}]},
        {"mode": "whole", "steps": [{"from": "0", "rate": "0.18"}, {"from": "20000", "rate": "0.22"}]},
    ],
    "keep_for_months": 60,
}
