"""Reach in SQL: a list shows what its caller's permission covers, and the database does the leaving out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, true

from anmi.core.rights import Reach
from anmi.kit.caller import Caller


def in_reach(reach: Reach, caller: Caller, unit_column: Any, own_column: Any) -> ColumnElement[bool]:
    """Return the condition under which a row is covered; `own_column` names whose it is."""
    if reach.everything:
        return true()
    covered = unit_column.in_(reach.unit_ids)
    return or_(covered, own_column == caller.person_id) if reach.own else covered
