"""Commission statements as HTTP sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Row

from anmi.casework.commission.models import CommissionStatement
from anmi.kit.fields import Asked, Seen


class GroupSeen(Seen):
    """The sums of one bucket and tier; `is_without_rate` where the contract names none."""

    bucket: str
    tier: int
    payments: int
    base_fen: int
    commission_fen: int
    is_without_rate: bool


class CommissionSeen(BaseModel):
    """A commission statement; `groups` are told of a single one, not in lists."""

    id: UUID
    creditor_id: UUID
    creditor_name: str
    from_on: date
    until_on: date
    state: Literal["draft", "sent", "agreed"]
    base_fen: int
    commission_fen: int
    made_at: datetime
    made_by: UUID | None
    groups: list[GroupSeen] | None
    version: int

    @classmethod
    def of(cls, one: CommissionStatement, creditor_name: str, groups: Sequence[Row[Any]] | None = None) -> Self:
        """Return it as it is shown."""
        return cls.model_validate(
            {
                "id": one.id,
                "creditor_id": one.creditor_id,
                "creditor_name": creditor_name,
                "from_on": one.from_on,
                "until_on": one.until_on,
                "state": one.state,
                "base_fen": one.base_fen,
                "commission_fen": one.commission_fen,
                "made_at": one.made_at,
                "made_by": one.made_by,
                "groups": None if groups is None else [GroupSeen.model_validate(row) for row in groups],
                "version": one.version,
            }
        )


class LineSeen(BaseModel):
    """The commission on one payment; `rate` is a fraction such as `3/20`, none where the contract names none."""

    id: UUID
    payment_id: UUID
    case_id: UUID
    serial_no: str
    bucket: str
    tier: int
    paid_on: date
    base_fen: int
    rate: str | None
    commission_fen: int

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """Return it as it is shown."""
        line = row.CommissionLine
        return cls(
            id=line.id,
            payment_id=line.payment_id,
            case_id=row.case_id,
            serial_no=row.serial_no,
            bucket=row.bucket,
            tier=row.tier,
            paid_on=row.paid_on,
            base_fen=line.base_fen,
            rate=line.rate,
            commission_fen=line.commission_fen,
        )


class CommissionToDraft(Asked):
    """A period of a creditor; both days count."""

    creditor_id: UUID
    from_on: date
    until_on: date


class Versioned(Asked):
    """What was read as `version`."""

    version: int
