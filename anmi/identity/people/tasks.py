"""The nightly sweep of accounts: those that nobody uses are shut."""

from __future__ import annotations

from typing import Final

from anmi.core.permissions import Words
from anmi.identity.people.service import Accounts
from anmi.kit.jobs import JobKind, Run


async def _disable_idle(run: Run) -> None:
    async with run.unit() as unit:
        await Accounts(unit).disable_idle()


DISABLE_IDLE: Final = JobKind(
    "people.disable_idle",
    Words("停用长期未登录的账号", "Disable accounts nobody uses"),
    _disable_idle,
    every="20 16 * * *",  # twenty past midnight in China
)
