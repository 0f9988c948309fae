"""An agent speaks up against what was found; somebody else decides, and a finding that falls gives its points back."""

from __future__ import annotations

from uuid import UUID

import pytest

from anmi.kit.errors import NotFound
from anmi.kit.paging import Ask
from anmi.quality.appeals.models import AppealState
from anmi.quality.appeals.service import AppealDecided, Appeals, AppealStands, NotYourCall, OwnInspection
from anmi.quality.inspections.models import InspectionState, Verdict
from anmi.quality.inspections.service import Inspections
from tests.builders.talk import THREAT
from tests.quality.conftest import By, Floor, Inspect

REASON = "这句话是在转述客户的话"


@pytest.fixture
async def judged(floor: Floor, by: By, inspected: Inspect) -> tuple[UUID, UUID]:
    """Return an inspection a person has agreed to, and its gravest finding."""
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
        decided = await Inspections(unit).decide(inspection_id, taken.row.inspection.version, [], [], None)
    return inspection_id, next(finding.id for finding in decided.findings if finding.code == "V01")


async def test_a_granted_appeal_takes_the_finding_back(floor: Floor, by: By, judged: tuple[UUID, UUID]) -> None:
    inspection_id, finding_id = judged
    async with by(floor.collector) as unit:
        made = await Appeals(unit).make(inspection_id, finding_id, REASON)
    async with by(floor.second_inspector) as unit:
        view = await Appeals(unit).decide(made.row.appeal.id, 1, "录音里确是转述", is_granted=True)
        detail = await Inspections(unit).get(inspection_id)
    assert view.row.appeal.state is AppealState.GRANTED
    assert detail.row.inspection.state is InspectionState.REINSPECTED
    assert not detail.row.inspection.is_vetoed
    assert detail.row.inspection.score > 0
    assert next(each.verdict for each in detail.findings if each.id == finding_id) is Verdict.OVERRULED


async def test_a_rejected_appeal_leaves_the_score(floor: Floor, by: By, judged: tuple[UUID, UUID]) -> None:
    inspection_id, finding_id = judged
    async with by(floor.collector) as unit:
        made = await Appeals(unit).make(inspection_id, finding_id, REASON)
    async with by(floor.second_inspector) as unit:
        await Appeals(unit).decide(made.row.appeal.id, 1, "确有威胁", is_granted=False)
        detail = await Inspections(unit).get(inspection_id)
    assert detail.row.inspection.score == 0
    with pytest.raises(AppealDecided):
        async with by(floor.second_inspector) as unit:
            await Appeals(unit).decide(made.row.appeal.id, 2, "再来一次", is_granted=True)


async def test_whoever_inspected_a_call_does_not_decide_on_it(floor: Floor, by: By, judged: tuple[UUID, UUID]) -> None:
    async with by(floor.collector) as unit:
        made = await Appeals(unit).make(judged[0], None, REASON)
    with pytest.raises(OwnInspection):
        async with by(floor.inspector) as unit:
            await Appeals(unit).decide(made.row.appeal.id, 1, "我没错", is_granted=False)


async def test_one_appeals_for_oneself_and_once(floor: Floor, by: By, judged: tuple[UUID, UUID]) -> None:
    with pytest.raises(NotYourCall):
        async with by(floor.supervisor) as unit:
            await Appeals(unit).make(judged[0], None, REASON)
    with pytest.raises(NotFound):
        async with by(floor.colleague) as unit:
            await Appeals(unit).make(judged[0], None, REASON)
    async with by(floor.collector) as unit:
        await Appeals(unit).make(*judged, REASON)
    with pytest.raises(AppealStands):
        async with by(floor.collector) as unit:
            await Appeals(unit).make(*judged, REASON)


async def test_an_appeal_is_seen_by_its_agent_and_her_supervisor(
    floor: Floor, by: By, judged: tuple[UUID, UUID]
) -> None:
    async with by(floor.collector) as unit:
        made = await Appeals(unit).make(*judged, REASON)
    for person_id, count in ((floor.collector, 1), (floor.supervisor, 1), (floor.colleague, 0)):
        async with by(person_id) as unit:
            views, _ = await Appeals(unit).page(Ask(), AppealState.OPEN)
        assert len(views) == count
    async with by(floor.collector) as unit:
        withdrawn = await Appeals(unit).withdraw(made.row.appeal.id)
    assert withdrawn.row.appeal.state is AppealState.WITHDRAWN
