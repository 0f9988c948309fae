"""Every call is read by the machine; the grave and doubtful ones get a person's word, and that word stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from anmi.core.alarms import AlarmKind
from anmi.core.inspection.model import Severity
from anmi.core.inspection_queue import QueuedFor
from anmi.kit.caller import the_system
from anmi.kit.errors import NotFound, StaleVersion
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import Units
from anmi.quality.alarms.service import Alarms, AlarmToRaise
from anmi.quality.inspections.models import InspectionState, Verdict
from anmi.quality.inspections.reading import Reading
from anmi.quality.inspections.repository import calls_since
from anmi.quality.inspections.service import (
    Decision,
    FindingToAdd,
    InspectionFilter,
    InspectionNotYours,
    Inspections,
    InspectionTaken,
    OwnCall,
    UnknownFinding,
)
from anmi.quality.packs.service import Packs
from anmi.telephony.recordings.events import RecordingDeleted
from anmi.telephony.recordings.models import Recording, RecordingState
from tests.builders.people import a_person
from tests.builders.talk import GOOD_TALK, THREAT
from tests.quality.conftest import By, Floor, Inspect


async def test_a_good_call_keeps_its_points_and_nobody_is_asked_to_look(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*GOOD_TALK)
    async with by(floor.inspector) as unit:
        detail = await Inspections(unit).get(inspection_id)
    inspection = detail.row.inspection
    assert detail.findings == []
    assert (inspection.state, inspection.is_vetoed) == (InspectionState.BY_MACHINE, False)
    assert inspection.score >= 85
    assert inspection.extracted["promise_amount_fen"] == 350_000


async def test_a_threat_fails_the_call_and_asks_for_a_person(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        detail = await Inspections(unit).get(inspection_id)
    inspection = detail.row.inspection
    assert (inspection.state, inspection.queued_for) == (InspectionState.QUEUED, QueuedFor.CRITICAL)
    assert (inspection.score, inspection.is_vetoed) == (0, True)
    threat = next(finding for finding in detail.findings if finding.code == "V01")
    assert (threat.severity, threat.utterance, threat.began_ms) == (Severity.CRITICAL, 2, 3000)
    assert "堵着你" in threat.evidence


@pytest.mark.parametrize(
    ("confidence", "random_percent", "expected"),
    [(0.9, 0, None), (0.4, 0, QueuedFor.DOUBTFUL), (None, 0, None), (0.9, 100, QueuedFor.RANDOM)],
)
async def test_the_doubtful_and_the_drawn_are_looked_at_too(
    floor: Floor,
    by: By,
    inspected: Inspect,
    confidence: float | None,
    random_percent: int,
    expected: QueuedFor | None,
) -> None:
    inspection_id = await inspected(*GOOD_TALK, confidence=confidence, random_percent=random_percent)
    async with by(floor.inspector) as unit:
        assert (await Inspections(unit).get(inspection_id)).row.inspection.queued_for == expected


async def test_an_inspector_overrules_the_machine_and_the_call_is_scored_anew(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
        threat = next(finding for finding in taken.findings if finding.code == "V01")
        decided = await Inspections(unit).decide(
            inspection_id,
            taken.row.inspection.version,
            [Decision(threat.id, Verdict.OVERRULED, "转述他人的话")],
            [],
            "电话 13812345678 里没有威胁",
        )
    inspection = decided.row.inspection
    assert inspection.state is InspectionState.INSPECTED
    assert not inspection.is_vetoed
    assert inspection.machine_score == 0 < inspection.score
    assert inspection.note == "电话 138******78 里没有威胁"
    verdicts = {finding.code: finding.verdict for finding in decided.findings}
    assert verdicts.pop("V01") is Verdict.OVERRULED
    assert set(verdicts.values()) <= {Verdict.AGREED}


async def test_an_inspector_adds_what_the_machine_did_not_hear(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*GOOD_TALK)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
        missed = FindingToAdd("V10", Severity.MAJOR, 5, 12_000, "加我微信吧")
        before = taken.row.inspection.score
        decided = await Inspections(unit).decide(inspection_id, taken.row.inspection.version, [], [missed], None)
    assert decided.row.inspection.score == before - 10
    assert [(finding.code, finding.verdict) for finding in decided.findings] == [("V10", Verdict.ADDED)]


async def test_what_is_no_violation_is_not_added(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*GOOD_TALK)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
    missed = FindingToAdd("V99", Severity.MAJOR, None, None, "没有")
    with pytest.raises(UnknownFinding):
        async with by(floor.inspector) as unit:
            await Inspections(unit).decide(inspection_id, taken.row.inspection.version, [], [missed], None)


async def test_what_people_have_said_stands_when_the_machine_reads_again(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
        threat = next(finding for finding in taken.findings if finding.code == "V01")
        decided = await Inspections(unit).decide(
            inspection_id, taken.row.inspection.version, [Decision(threat.id, Verdict.OVERRULED)], [], None
        )
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        await Reading(unit).read(decided.row.call.id, await Packs(unit).in_force())
    async with by(floor.inspector) as unit:
        again = await Inspections(unit).get(inspection_id)
    assert again.row.inspection.score == decided.row.inspection.score
    assert len(again.findings) == len(decided.findings)


async def test_two_inspectors_do_not_hold_one_call(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        await Inspections(unit).take(inspection_id)
    with pytest.raises(InspectionTaken):
        async with by(floor.second_inspector) as unit:
            await Inspections(unit).take(inspection_id)
    with pytest.raises(InspectionNotYours):
        async with by(floor.second_inspector) as unit:
            await Inspections(unit).decide(inspection_id, 2, [], [], None)
    async with by(floor.inspector) as unit:
        await Inspections(unit).give_back(inspection_id)
    async with by(floor.second_inspector) as unit:
        assert (await Inspections(unit).take(inspection_id)).row.inspection.inspector_id == floor.second_inspector


async def test_a_decision_on_what_has_changed_meanwhile_is_refused(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        await Inspections(unit).take(inspection_id)
    with pytest.raises(StaleVersion):
        async with by(floor.inspector) as unit:
            await Inspections(unit).decide(inspection_id, 1, [], [], None)


async def test_nobody_inspects_a_call_of_her_own(units: Units, floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*THREAT)
    both = await a_person(units, floor.agency, "inspector")
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        inspection = (await Inspections(unit).get(inspection_id)).row.inspection
        inspection.person_id = both
    with pytest.raises(OwnCall):
        async with by(both) as unit:
            await Inspections(unit).take(inspection_id)
    async with by(both) as unit:
        assert await Inspections(unit).next_in_queue() is None


async def test_the_gravest_call_is_next(floor: Floor, by: By, inspected: Inspect) -> None:
    await inspected(*GOOD_TALK, random_percent=100)
    grave = await inspected(*THREAT)
    await inspected(*GOOD_TALK, confidence=0.3)
    async with by(floor.inspector) as unit:
        detail = await Inspections(unit).next_in_queue()
    assert detail is not None
    assert detail.row.inspection.id == grave


async def test_a_collector_sees_her_own_inspections_and_no_others(floor: Floor, by: By, inspected: Inspect) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.collector) as unit:
        views, _ = await Inspections(unit).page(InspectionFilter(), Ask())
        assert [view.row.inspection.id for view in views] == [inspection_id]
        assert "V01" in views[0].codes
    async with by(floor.colleague) as unit:
        views, _ = await Inspections(unit).page(InspectionFilter(), Ask())
        assert views == []
        with pytest.raises(NotFound):
            await Inspections(unit).get(inspection_id)


async def test_the_figures_say_how_a_team_speaks_and_how_often_a_rule_is_right(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    await inspected(*GOOD_TALK)
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        taken = await Inspections(unit).take(inspection_id)
        await Inspections(unit).decide(inspection_id, taken.row.inspection.version, [], [], None)
    async with by(floor.owner) as unit:
        (team,) = await Inspections(unit).figures("team", InspectionFilter())
        (agent,) = await Inspections(unit).figures("agent", InspectionFilter())
        rules = await Inspections(unit).rule_figures(InspectionFilter(codes=frozenset({"V01"})))
        counts = await Inspections(unit).counts(InspectionFilter())
    assert (team.calls, team.vetoed, team.by_people) == (2, 1, 1)
    assert agent.name is not None
    assert (agent.key, agent.average) == (str(floor.collector), team.average)
    threat = next(figure for figure in rules if figure.code == "V01")
    assert (threat.found, threat.agreed, threat.overruled) == (1, 1, 0)
    assert counts == {InspectionState.BY_MACHINE: 1, InspectionState.INSPECTED: 1}


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (InspectionFilter(codes=frozenset({"V01"})), 1),
        (InspectionFilter(codes=frozenset({"V02"})), 0),
        (InspectionFilter(below=50), 1),
        (InspectionFilter(vetoed=False), 1),
        (InspectionFilter(states=frozenset({InspectionState.QUEUED})), 1),
        (InspectionFilter(), 2),
    ],
)
async def test_the_list_is_filtered_by_what_was_found(
    floor: Floor, by: By, inspected: Inspect, wanted: InspectionFilter, count: int
) -> None:
    await inspected(*GOOD_TALK)
    await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        views, _ = await Inspections(unit).page(wanted, Ask())
    assert len(views) == count


async def test_words_are_kept_no_longer_than_the_sound_of_them_and_the_judgement_stands(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    async with by(floor.inspector) as unit:
        before = await Inspections(unit).get(inspection_id)
        call_id = before.row.call.id
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        asked = AlarmToRaise(
            call_id, floor.collector, floor.team, AlarmKind.VIOLATION, "V01", Severity.CRITICAL, "威胁", "堵着你", 3000
        )
        await Alarms(unit).raise_one(asked, 60)
    async with units.begin(the_system(floor.agency.tenant_id)) as unit:
        recording = (await unit.session.scalars(select(Recording).where(Recording.call_id == call_id))).one()
        recording.state = RecordingState.DELETED
        unit.announce(RecordingDeleted(recording.id, call_id))
    async with by(floor.inspector) as unit:
        after = await Inspections(unit).get(inspection_id)
        (alarm,) = await Alarms(unit).of_call(call_id)
        again = await calls_since(unit.session, before.row.call.asked_at, None, 10)
    assert [finding.evidence for finding in after.findings] == [""] * len(before.findings)
    assert (alarm.words, alarm.code) == ("", "V01")
    assert "sources" not in after.row.inspection.extracted
    assert [finding.code for finding in after.findings] == [finding.code for finding in before.findings]
    assert after.row.inspection.score == before.row.inspection.score
    # What nobody can hear any more is not judged anew.
    assert again == []
