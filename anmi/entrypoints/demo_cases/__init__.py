"""Demo cases: three creditors, five placements, some 3,000 cases and the weeks of work behind them.

Every name, number and sum is drawn from a fixed seed and invented; the figures agree to the fen: what was placed is
what is owed, what was paid and what was waived.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from anmi.entrypoints.demo_cases.drawing import Drawing
from anmi.entrypoints.demo_cases.placing import Placing
from anmi.kit.unit_of_work import UnitOfWork


async def seed_cases(unit: UnitOfWork, collectors: Sequence[tuple[UUID, UUID]], operations_id: UUID) -> None:
    """Write the cases of the demo; `collectors` are people with their units."""
    draw = Drawing(unit)
    Placing(draw, collectors, operations_id).place_all()
    await draw.write()
