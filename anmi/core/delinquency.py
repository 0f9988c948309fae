"""How late a debt is: days past due, and the bucket each product's own table puts them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from anmi.core.tables import rows


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stage of delinquency (账龄) from `min_dpd` to `max_dpd`; without a `max_dpd` it has no end."""

    code: str
    min_dpd: int
    max_dpd: int | None


@dataclass(frozen=True, slots=True)
class BucketTable:
    """A product's buckets, which cover every number of days once."""

    rows: tuple[Bucket, ...]

    def bucket(self, days: int) -> Bucket:
        """Return the bucket of `days` past due; what is not yet due stands in the first one."""
        return next(row for row in reversed(self.rows) if row.min_dpd <= days or row is self.rows[0])


def days_past_due(unpaid_since: date | None, today: date) -> int:
    """Count the days since the oldest unpaid due day; nothing unpaid, or not yet due, is 0."""
    return max((today - unpaid_since).days, 0) if unpaid_since is not None else 0


def read_buckets(data: object) -> BucketTable:
    """Build the table from loaded rows; raise ValueError for a gap, an overlap or an end in the middle."""
    buckets = sorted((_bucket(row) for row in rows(data, "buckets")), key=lambda bucket: bucket.min_dpd)
    if not buckets or len({bucket.code for bucket in buckets}) != len(buckets):
        raise ValueError("buckets: there is at least one, and no code twice")
    for before, after in pairwise(buckets):
        if before.max_dpd is None or after.min_dpd != before.max_dpd + 1:
            raise ValueError(f"buckets: {after.code} does not begin where {before.code} ends")
    if buckets[0].min_dpd > 1 or buckets[-1].max_dpd is not None:
        raise ValueError("buckets: the first begins at day 0 or 1 and the last has no end")
    return BucketTable(tuple(buckets))


def _bucket(row: Mapping[str, object]) -> Bucket:
    match row:
        case {"code": str(code), "min_dpd": int(min_dpd), "max_dpd": int(max_dpd)} if code and min_dpd <= max_dpd:
            return Bucket(code, min_dpd, max_dpd)
        case {"code": str(code), "min_dpd": int(min_dpd)} if code and "max_dpd" not in row:
            return Bucket(code, min_dpd, None)
        case _:
            raise ValueError(f"buckets, {row.get('code')}: code, min_dpd and a max_dpd that is not smaller")
