"""Calibrations over HTTP."""

from __future__ import annotations

from datetime import datetime

from anmi.core.permissions import Permission
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.quality.calibrations.comparing import compare, reviewed
from anmi.quality.calibrations.models import CalibrationState
from anmi.quality.calibrations.result_schemas import CalibrationResultSeen, MachineReviewedSeen
from anmi.quality.calibrations.schemas import (
    CalibrationDetailSeen,
    CalibrationInspector,
    CalibrationJudgement,
    CalibrationSeen,
    CalibrationToCall,
    CalibrationToClose,
)
from anmi.quality.calibrations.service import Calibrations
from anmi.quality.inspections.service import InspectionFilter, Inspections

router = room("/quality/calibrations")

reads = requires(Permission.QUALITY_RULES_READ)
writes = requires(Permission.QUALITY_RULES_WRITE)
judges = requires(Permission.INSPECTIONS_WRITE)


@router.get("", dependencies=[reads])
async def list_calibrations(unit: Unit, ask: PageAsk, state: CalibrationState | None = None) -> Page[CalibrationSeen]:
    """Return rounds of calibration, the latest first."""
    views, following = await Calibrations(unit).page(ask, state)
    return Page(items=[CalibrationSeen.of(view) for view in views], next=following)


@router.post("", status_code=201, dependencies=[writes])
async def call_calibration(unit: Unit, body: CalibrationToCall) -> CalibrationDetailSeen:
    """Give the same calls to several inspectors, who judge them blind."""
    return CalibrationDetailSeen.of_round(await Calibrations(unit).call(body.asked()), unit.caller.person_id)


@router.get("/inspectors", dependencies=[writes])
async def list_calibration_inspectors(unit: Unit) -> list[CalibrationInspector]:
    """Return who may take part in a calibration."""
    return [CalibrationInspector.model_validate(judge) for judge in await Calibrations(unit).inspectors()]


@router.get("/rules", dependencies=[reads])
async def review_rules(unit: Unit, since: datetime | None = None, until: datetime | None = None) -> MachineReviewedSeen:
    """Return every rule by the word of people: how much of what it found stood when somebody listened."""
    figures = await Inspections(unit).rule_figures(InspectionFilter(since=since, until=until))
    return MachineReviewedSeen.of(*reviewed(figures))


@router.get("/{id}", dependencies=[reads])
async def get_calibration(unit: Unit, calibration_id: Id) -> CalibrationDetailSeen:
    """Return a round with its calls, and with what the caller herself has said of them."""
    return CalibrationDetailSeen.of_round(await Calibrations(unit).get(calibration_id), unit.caller.person_id)


@router.post("/{id}/rate", dependencies=[judges])
async def rate_calibration_call(unit: Unit, calibration_id: Id, body: CalibrationJudgement) -> CalibrationDetailSeen:
    """Say what one has heard on a call of a round; said again, the later word counts."""
    found = await Calibrations(unit).rate(calibration_id, body.call_id, body.asked())
    return CalibrationDetailSeen.of_round(found, unit.caller.person_id)


@router.post("/{id}/close", dependencies=[writes])
async def close_calibration(unit: Unit, calibration_id: Id, body: CalibrationToClose) -> CalibrationDetailSeen:
    """End a round; from now on it is compared, and nothing is blind any more."""
    found = await Calibrations(unit).close(calibration_id, body.version)
    return CalibrationDetailSeen.of_round(found, unit.caller.person_id)


@router.get("/{id}/result", dependencies=[reads])
async def get_calibration_result(unit: Unit, calibration_id: Id) -> CalibrationResultSeen:
    """Return what a closed round has come to."""
    return CalibrationResultSeen.of(compare(await Calibrations(unit).closed(calibration_id)))
