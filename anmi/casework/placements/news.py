"""What open pages hear of a file on its way in: where it stands, and how far it is."""

from __future__ import annotations

from anmi.casework.placements.models import PlacementImport
from anmi.kit.unit_of_work import UnitOfWork

TOPIC = "imports"


def tell(unit: UnitOfWork, what: PlacementImport) -> None:
    """Tell that something about an import is new."""
    unit.tell(
        TOPIC,
        "ImportMoved",
        import_id=what.id,
        placement_id=what.placement_id,
        state=what.state,
        rows_done=what.rows_done,
        rows_total=what.rows_total,
    )
