"""Scorecards over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.quality.scorecards.schemas import ScorecardBody, ScorecardEdit, ScorecardSeen
from anmi.quality.scorecards.service import Scorecards

router = room("/quality/scorecards")

reads = requires(Permission.INSPECTIONS_READ)
writes = requires(Permission.QUALITY_RULES_WRITE)


@router.get("", dependencies=[reads])
async def list_scorecards(unit: Unit) -> list[ScorecardSeen]:
    """Return the scorecards."""
    return [ScorecardSeen.of(card) for card in await Scorecards(unit).all()]


@router.post("", status_code=201, dependencies=[writes])
async def make_scorecard(unit: Unit, body: ScorecardBody) -> ScorecardSeen:
    """Make a scorecard."""
    return ScorecardSeen.of(await Scorecards(unit).make(body.asked()))


@router.get("/{id}", dependencies=[reads])
async def get_scorecard(unit: Unit, card_id: Id) -> ScorecardSeen:
    """Return a scorecard."""
    return ScorecardSeen.of(await Scorecards(unit).get(card_id))


@router.put("/{id}", dependencies=[writes])
async def change_scorecard(unit: Unit, card_id: Id, body: ScorecardEdit) -> ScorecardSeen:
    """Change a scorecard; calls that were scored by it keep their points."""
    return ScorecardSeen.of(await Scorecards(unit).change(card_id, body.version, body.asked()))
