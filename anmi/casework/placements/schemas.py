"""Placements, imports and findings as HTTP sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from anmi.casework.placements.service import (
    ImportState,
    ImportView,
    PlacementRow,
    PlacementState,
    PlacementView,
    SheetKind,
)
from anmi.core.case_life import State
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.kit.fields import Asked, Reason, Seen

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
MOST_TIERS = 9


class Named(Seen):
    """Something else, named."""

    id: UUID
    name: str


class PlacementSeen(Seen):
    """A placement in a list."""

    id: UUID
    code: str
    creditor: Named
    product: Named
    tier: int
    placed_on: date
    due_back_on: date | None
    state: PlacementState
    cases_count: int
    placed_fen: int
    created_at: datetime
    version: int

    @classmethod
    def of(cls, row: PlacementRow) -> Self:
        """Show a placement."""
        return cls(**_facts(row))


class StateFiguresSeen(Seen):
    """Cases in one state."""

    state: State
    count: int
    placed_fen: int
    owing_fen: int
    paid_fen: int


class ReachFiguresSeen(Seen):
    """Cases that can be reached alike; `not_opened` are those no opening run has looked at."""

    reach: Literal["reachable", "dead", "unknown", "not_opened"]
    count: int
    owing_fen: int


class PlacementFigures(Seen):
    """What the cases come to that the caller may see."""

    cases: int
    placed_fen: int
    owing_fen: int
    paid_fen: int
    by_state: list[StateFiguresSeen]
    by_reach: list[ReachFiguresSeen]


class PlacementInFull(PlacementSeen):
    """A placement with its figures."""

    figures: PlacementFigures

    @classmethod
    def of_view(cls, view: PlacementView) -> Self:
        """Show a placement with its figures."""
        by_state = [StateFiguresSeen.model_validate(each) for each in view.by_state]
        figures = PlacementFigures(
            cases=sum(each.count for each in by_state),
            placed_fen=sum(each.placed_fen for each in by_state),
            owing_fen=sum(each.owing_fen for each in by_state),
            paid_fen=sum(each.paid_fen for each in by_state),
            by_state=by_state,
            by_reach=[ReachFiguresSeen.model_validate(each) for each in view.by_reach],
        )
        return cls(**_facts(view.row), figures=figures)


def _facts(row: PlacementRow) -> dict[str, Any]:
    placement = row.placement
    return {
        "id": placement.id,
        "code": placement.code,
        "creditor": Named(id=placement.creditor_id, name=row.creditor_name),
        "product": Named(id=placement.product_id, name=row.product_name),
        "tier": placement.tier,
        "placed_on": placement.placed_on,
        "due_back_on": placement.due_back_on,
        "state": placement.state,
        "cases_count": placement.cases_count,
        "placed_fen": placement.placed_fen,
        "created_at": placement.created_at,
        "version": placement.version,
    }


class PlacementToAdd(Asked):
    """A placement to be taken; without a code it is given one."""

    creditor_id: UUID
    product_id: UUID
    tier: int = Field(default=1, ge=1, le=MOST_TIERS)
    placed_on: date
    due_back_on: date | None = None
    code: Code | None = None


class Why(Asked):
    """The reason of a step."""

    reason: Reason


class PreviewRowSeen(Seen):
    """One row as the sheet numbers it, masked."""

    row: int
    cells: Sequence[str]


class PreviewSeen(Seen):
    """The header and the first rows below it."""

    labels: Sequence[str]
    rows: Sequence[PreviewRowSeen]


class ImportSeen(Seen):
    """A file on its way in. `report` carries figures and columns, never a value of the sheet."""

    id: UUID
    placement_id: UUID
    sheet: SheetKind
    file_name: str
    file_size: int
    declared_source: ContactSource | None
    mapping: dict[str, Any] | None
    state: ImportState
    rows_done: int
    rows_total: int | None
    accepted: int
    rejected: int
    report: dict[str, Any] | None
    figures: dict[str, int] | None
    fault: str | None
    created_at: datetime
    created_by: UUID | None
    committed_at: datetime | None
    version: int


class ImportInFull(ImportSeen):
    """An import with its first rows, masked; there are none while a job is at it."""

    preview: PreviewSeen | None

    @classmethod
    def of(cls, view: ImportView) -> Self:
        """Show an import."""
        facts = ImportSeen.model_validate(view.row).model_dump()
        return cls(**facts, preview=PreviewSeen.model_validate(view.preview) if view.preview else None)


class ImportChange(Asked):
    """How the file is to be read instead; both parts are said anew."""

    version: int
    mapping: dict[str, Any] | None = Field(default=None, max_length=10)
    declared_source: ContactSource | None = None


class ReasonSeen(Seen):
    """What is said of a row: a word of the check, and the column it is about."""

    code: str
    column: str


class FindingSeen(Seen):
    """A row with what was found in it."""

    row: int
    is_rejected: bool
    reasons: list[ReasonSeen]
