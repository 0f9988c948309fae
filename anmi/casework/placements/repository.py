"""Placements, imports and findings in SQL; rows on their way in are in `staging`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, column, delete, func, insert, or_, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.cases.models import Case
from anmi.casework.creditors.models import ColumnTemplate, Creditor, Product
from anmi.casework.placements.models import ImportState, Placement, PlacementFinding, PlacementImport, PlacementState
from anmi.core.delinquency import BucketTable, read_buckets
from anmi.core.placement_sheet.reasons import Finding
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask, Sorting

PLACEMENTS: Final = Sorting(
    {
        "created_at": (Placement.created_at, datetime.fromisoformat),
        "placed_on": (Placement.placed_on, date.fromisoformat),
        "code": (Placement.code, str),
    },
    default="-created_at",
    tie=Placement.id,
)
IMPORTS: Final = Sorting(
    {"created_at": (PlacementImport.created_at, datetime.fromisoformat)}, "-created_at", PlacementImport.id
)


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """A placement with the names of what it belongs to."""

    placement: Placement
    creditor_name: str
    product_name: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What new cases of a placement stand on."""

    creditor_id: UUID
    product_id: UUID
    buckets: BucketTable
    due_back_on: date | None


@dataclass(frozen=True, slots=True)
class StateFigures:
    """Cases of a placement in one state."""

    state: str
    count: int
    placed_fen: int
    owing_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class ReachFigures:
    """Cases of a placement that can be reached alike."""

    reach: str
    count: int
    owing_fen: int


# The room of opening stands above this one, so its table is named and not imported.
_OPENED_CASES: Final = table("opened_cases", column("id", Uuid()), column("case_id", Uuid()), column("reach", String()))


async def page(
    session: AsyncSession, creditor_id: UUID | None, state: PlacementState | None, q: str | None, ask: Ask
) -> tuple[list[PlacementRow], str | None, int]:
    """Return one page of placements, the cursor of the next, and how many there are."""
    conditions: list[ColumnElement[bool]] = []
    if creditor_id is not None:
        conditions.append(Placement.creditor_id == creditor_id)
    if state is not None:
        conditions.append(Placement.state == state)
    if q:
        conditions.append(
            or_(Placement.code.icontains(q, autoescape=True), Creditor.name.icontains(q, autoescape=True))
        )
    query = _placements().where(*conditions)
    rows = (await session.execute(PLACEMENTS.apply(query, ask))).all()
    found = {row[0].id: PlacementRow(*row) for row in rows}
    shown, following = PLACEMENTS.split([row[0] for row in rows], ask)
    counting = select(func.count()).select_from(_placements().where(*conditions).subquery())
    total = (await session.execute(counting)).scalar_one()
    return [found[placement.id] for placement in shown], following, total


async def one(session: AsyncSession, placement_id: UUID) -> PlacementRow | None:
    """Return one placement."""
    row = (await session.execute(_placements().where(Placement.id == placement_id))).one_or_none()
    return PlacementRow(*row) if row else None


async def held(session: AsyncSession, placement_id: UUID) -> Placement | None:
    """Return one placement, held until the transaction ends."""
    query = select(Placement).where(Placement.id == placement_id).with_for_update()
    return (await session.scalars(query)).one_or_none()


async def product(session: AsyncSession, creditor_id: UUID, product_id: UUID) -> Product | None:
    """Return a product, if it is the creditor's."""
    query = select(Product).where(Product.id == product_id, Product.creditor_id == creditor_id)
    return (await session.scalars(query)).one_or_none()


async def creditor(session: AsyncSession, creditor_id: UUID) -> Creditor | None:
    """Return a creditor."""
    return (await session.scalars(select(Creditor).where(Creditor.id == creditor_id))).one_or_none()


async def figures(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[StateFigures]:
    """Return what the cases that meet conditions come to, by state."""
    query = (
        select(Case.state, func.count(), func.sum(Case.placed_fen), func.sum(Case.owing_fen), func.sum(Case.paid_fen))
        .where(*conditions)
        .group_by(Case.state)
        .order_by(Case.state)
    )
    rows = (await session.execute(query)).all()
    return [StateFigures(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


async def by_reach(session: AsyncSession, *conditions: ColumnElement[bool]) -> list[ReachFigures]:
    """Return how many of the cases that meet conditions can be reached, as their last opening run found it."""
    last = (
        select(_OPENED_CASES.c.reach)
        .where(_OPENED_CASES.c.case_id == Case.id)
        .order_by(_OPENED_CASES.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    reach = func.coalesce(last, "not_opened").label("reach")
    found = select(reach, Case.owing_fen).where(*conditions).subquery()
    query = select(found.c.reach, func.count(), func.sum(found.c.owing_fen)).group_by(found.c.reach)
    rows = (await session.execute(query.order_by(found.c.reach))).all()
    return [ReachFigures(row[0], row[1], int(row[2])) for row in rows]


async def ground(session: AsyncSession, placement_id: UUID) -> Ground:
    """Return what new cases of a placement stand on."""
    query = select(Placement, Product.buckets).join(Product, Product.id == Placement.product_id)
    placement, buckets = (await session.execute(query.where(Placement.id == placement_id))).one()
    return Ground(placement.creditor_id, placement.product_id, read_buckets(buckets), placement.due_back_on)


async def imports(
    session: AsyncSession, placement_id: UUID | None, state: ImportState | None, ask: Ask
) -> tuple[Sequence[PlacementImport], str | None]:
    """Return one page of imports, and the cursor of the next."""
    query = select(PlacementImport)
    if placement_id is not None:
        query = query.where(PlacementImport.placement_id == placement_id)
    if state is not None:
        query = query.where(PlacementImport.state == state)
    return IMPORTS.split((await session.scalars(IMPORTS.apply(query, ask))).all(), ask)


async def import_seen(session: AsyncSession, import_id: UUID) -> PlacementImport | None:
    """Return one import."""
    return (await session.scalars(select(PlacementImport).where(PlacementImport.id == import_id))).one_or_none()


async def import_to_work(session: AsyncSession, import_id: UUID) -> PlacementImport | None:
    """Return one import, held until the transaction ends."""
    query = select(PlacementImport).where(PlacementImport.id == import_id).with_for_update()
    query = query.execution_options(populate_existing=True)
    return (await session.scalars(query)).one_or_none()


async def same_file(session: AsyncSession, sheet: str, sha256: bytes) -> PlacementImport | None:
    """Return the import that brought the same file before."""
    query = select(PlacementImport).where(PlacementImport.sheet == sheet, PlacementImport.sha256 == sha256)
    return (await session.scalars(query)).one_or_none()


async def template(session: AsyncSession, creditor_id: UUID, name: str) -> ColumnTemplate | None:
    """Return how a creditor's sheet of one kind was read the last time."""
    query = select(ColumnTemplate).where(ColumnTemplate.creditor_id == creditor_id, ColumnTemplate.name == name)
    return (await session.scalars(query)).one_or_none()


async def add_findings(session: AsyncSession, what: PlacementImport, rows: Mapping[int, Sequence[Finding]]) -> None:
    """Write down what was found in some rows."""
    if not rows:
        return
    values: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "tenant_id": what.tenant_id,
            "import_id": what.id,
            "row": row,
            "is_rejected": any(finding.refuses for finding in findings),
            "reasons": [{"code": finding.code, "column": finding.column} for finding in findings],
        }
        for row, findings in rows.items()
    ]
    await session.execute(insert(PlacementFinding), values)


async def remove_findings(session: AsyncSession, import_id: UUID) -> None:
    """Take the findings of an import away."""
    await session.execute(delete(PlacementFinding).where(PlacementFinding.import_id == import_id))


async def rejected_rows(session: AsyncSession, import_id: UUID) -> set[int]:
    """Return the rows of an import that were not accepted."""
    query = select(PlacementFinding.row).where(PlacementFinding.import_id == import_id, PlacementFinding.is_rejected)
    return set(await session.scalars(query))


async def count_rejected(session: AsyncSession, import_id: UUID) -> int:
    """Count the rows of an import that were not accepted."""
    query = select(func.count()).where(PlacementFinding.import_id == import_id, PlacementFinding.is_rejected)
    return (await session.execute(query)).scalar_one()


async def findings(
    session: AsyncSession, import_id: UUID, after: int, limit: int, *, is_rejected: bool | None = None
) -> Sequence[PlacementFinding]:
    """Return the findings of the rows behind `after`, in the order of the sheet."""
    query = select(PlacementFinding).where(PlacementFinding.import_id == import_id, PlacementFinding.row > after)
    if is_rejected is not None:
        query = query.where(PlacementFinding.is_rejected.is_(is_rejected))
    return (await session.scalars(query.order_by(PlacementFinding.row).limit(limit))).all()


async def remove_import(session: AsyncSession, import_id: UUID) -> None:
    """Take an import away, with its findings."""
    await session.execute(delete(PlacementImport).where(PlacementImport.id == import_id))


def _placements() -> Any:
    return (
        select(Placement, Creditor.name, Product.name)
        .join(Creditor, Creditor.id == Placement.creditor_id)
        .join(Product, Product.id == Placement.product_id)
    )
