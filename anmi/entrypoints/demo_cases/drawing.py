"""What every part of the demo draws with: the dice, the day, and the rows it writes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from anmi.casework.activities.models import Activity
from anmi.casework.cases.models import Account, Case, CaseEvent
from anmi.casework.creditors.models import Creditor, CreditorTerms, Product
from anmi.casework.debtors.models import Debtor, Phone
from anmi.casework.holds.models import Hold
from anmi.casework.opening.models import CaseOpeningRun, OpenedCase
from anmi.casework.payments.models import Payment, Posting
from anmi.casework.placements.models import Placement
from anmi.casework.promises.models import PromiseToPay
from anmi.core.calendar import in_china
from anmi.kit.db import Base
from anmi.kit.unit_of_work import UnitOfWork

SEED: Final = 20260301
CHINA: Final = ZoneInfo("Asia/Shanghai")
AT_ONCE: Final = 1000

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭"
)
GIVEN: Final = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红鹏辉宁波建国志文海山川林晨曦雨桐子涵梓萱思远嘉怡若彤"
)
# In the order in which they can be written.
TABLES: Final[tuple[type[Base], ...]] = (
    Creditor,
    CreditorTerms,
    Product,
    Placement,
    Debtor,
    Phone,
    Case,
    Account,
    CaseEvent,
    CaseOpeningRun,
    OpenedCase,
    Activity,
    PromiseToPay,
    Hold,
    Payment,
    Posting,
)


@dataclass(slots=True)
class Drawing:
    """The demo as far as it is drawn."""

    unit: UnitOfWork
    today: date = field(init=False)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - invented data, not secrets
    _rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict[type[Base], list[dict[str, Any]]])

    def __post_init__(self) -> None:
        self.today = in_china(self.unit.now).date()

    def add(self, table: type[Base], **row: Any) -> None:
        """Keep a row of the agency's."""
        self._rows.setdefault(table, []).append({"tenant_id": self.unit.tenant_id, **row})

    async def write(self) -> None:
        """Write all rows."""
        for table in TABLES:
            for part in _parts(self._rows.get(table, []), AT_ONCE):
                await self.unit.session.execute(insert(table), part)

    def name(self) -> str:
        """Draw a name."""
        return self.dice.choice(SURNAMES) + "".join(self.dice.sample(GIVEN, k=self.dice.choice((1, 2, 2))))

    def at(self, day: date, hour: int) -> datetime:
        """Return an hour of a day in China."""
        return datetime.combine(day, time(hour), CHINA).astimezone(UTC)

    def working_at(self, day: date) -> datetime:
        """Draw a lawful moment of a day, not later than now."""
        drawn = datetime.combine(day, time(self.dice.randint(9, 18), self.dice.randint(0, 59)), CHINA).astimezone(UTC)
        return min(drawn, self.unit.now - timedelta(minutes=5))


def _parts(rows: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
