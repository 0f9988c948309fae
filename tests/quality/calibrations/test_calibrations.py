"""The same calls are judged by several inspectors, blind; only a closed round is compared, with the machine too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from anmi.core.audit_actions import AuditAction
from anmi.core.inspection.model import Severity
from anmi.identity.people.models import PersonState
from anmi.kit.errors import NotFound
from anmi.kit.unit_of_work import Units
from anmi.quality.calibrations.comparing import compare
from anmi.quality.calibrations.service import (
    CalibrationClosed,
    Calibrations,
    CallKnown,
    Drawing,
    Judgement,
    Named,
    NotAnInspector,
    NotTakingPart,
    Round,
    RoundToCall,
    TooFewCalls,
    UnknownCode,
)
from anmi.quality.inspections.models import Verdict
from anmi.quality.inspections.service import Decision, FindingToAdd, InspectionFilter, Inspections
from tests.builders.audit import remembered
from tests.builders.people import a_person, as_caller, comes_in
from tests.builders.talk import GOOD_TALK, THREAT
from tests.quality.conftest import By, Floor, Inspect

API = "/api/v1/quality/calibrations"
HEARD_A_THREAT = Judgement((Named("V01", Severity.CRITICAL, 2),))
HEARD_NOTHING = Judgement()


async def a_round(floor: Floor, by: By, *inspection_ids: UUID) -> Round:
    async with by(floor.inspector) as unit:
        judges = (floor.inspector, floor.second_inspector)
        return await Calibrations(unit).call(RoundToCall("十一月第一轮", judges, inspection_ids))


async def rate(by: By, person_id: UUID, found: Round, place: int, judgement: Judgement) -> None:
    async with by(person_id) as unit:
        await Calibrations(unit).rate(found.row.id, found.calls[place].call.id, judgement)


async def close(by: By, floor: Floor, found: Round) -> Round:
    async with by(floor.inspector) as unit:
        now = await Calibrations(unit).get(found.row.id)
        await Calibrations(unit).close(found.row.id, now.row.version)
        return await Calibrations(unit).closed(found.row.id)


async def test_a_closed_round_tells_how_far_inspectors_agree_and_how_right_the_machine_was(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    ids = [await inspected(*THREAT), await inspected(*GOOD_TALK), await inspected(*THREAT)]
    found = await a_round(floor, by, *ids)
    threats = [place for place, call in enumerate(found.calls) if "V01" in call.row.machine]
    assert len(threats) == 2
    for place in range(3):
        await rate(by, floor.inspector, found, place, HEARD_A_THREAT if place in threats else HEARD_NOTHING)
        # The second one is sure of the first threat only.
        heard = HEARD_A_THREAT if place == threats[0] else HEARD_NOTHING
        await rate(by, floor.second_inspector, found, place, heard)
    result = compare(await close(by, floor, found))
    v01 = next(code for code in result.codes if code.code == "V01")
    assert (v01.named, v01.machine.agreed, v01.machine.undecided, v01.machine.invented) == (3, 1, 1, 0)
    assert v01.agreement.share is not None
    assert (v01.agreement.items, round(float(v01.agreement.share), 2)) == (3, 0.67)
    (pair,) = result.pairs
    assert pair.agreement.items == 3 * len(result.codes)
    divided = result.calls[threats[1]]
    assert "V01" in divided.divided
    assert divided.spread is not None
    assert divided.spread > 0
    assert [each.rated for each in result.judges] == [3, 3]


async def test_a_judgement_is_given_again_until_the_round_is_closed(floor: Floor, by: By, inspected: Inspect) -> None:
    found = await a_round(floor, by, await inspected(*THREAT))
    await rate(by, floor.inspector, found, 0, HEARD_NOTHING)
    await rate(by, floor.inspector, found, 0, HEARD_A_THREAT)
    closed = await close(by, floor, found)
    (ratings,) = closed.ratings.values()
    assert [(each.found[0]["code"], each.score) for each in ratings] == [("V01", 0)]
    with pytest.raises(CalibrationClosed):
        await rate(by, floor.inspector, found, 0, HEARD_NOTHING)
    with pytest.raises(CalibrationClosed):
        await close(by, floor, found)


async def test_the_machine_is_measured_by_what_it_had_found_when_the_round_was_called(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    found = await a_round(floor, by, inspection_id)
    async with by(await a_person(units, floor.agency, "inspector")) as unit:
        taken = await Inspections(unit).take(inspection_id)
        overruled = [Decision(each.id, Verdict.OVERRULED) for each in taken.findings]
        await Inspections(unit).decide(inspection_id, taken.row.inspection.version, overruled, [], None)
    for person_id in (floor.inspector, floor.second_inspector):
        await rate(by, person_id, found, 0, HEARD_NOTHING)
    assert compare(await close(by, floor, found)).machine.invented > 0


async def test_who_was_on_a_call_or_has_inspected_it_does_not_judge_it_blind(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    gone = await a_person(units, floor.agency, "inspector", state=PersonState.DISABLED)
    for nobody in (floor.collector, gone):
        wanted = RoundToCall("试", (floor.inspector, nobody), (inspection_id,))
        with pytest.raises(NotAnInspector):
            async with by(floor.inspector) as unit:
                await Calibrations(unit).call(wanted)
    async with by(floor.second_inspector) as unit:
        await Inspections(unit).take(inspection_id)
    with pytest.raises(CallKnown):
        await a_round(floor, by, inspection_id)
    with pytest.raises(NotFound):
        await a_round(floor, by, uuid4())


async def test_calls_are_drawn_by_lot_half_of_them_with_a_finding(floor: Floor, by: By, inspected: Inspect) -> None:
    for _ in range(4):
        await inspected(*THREAT)
        await inspected("d:喂", "a:您好")
    async with by(floor.inspector) as unit:
        judges = (floor.inspector, floor.second_inspector)
        found = await Calibrations(unit).call(RoundToCall("抽样", judges, drawing=Drawing(4)))
        everything = await Calibrations(unit).call(RoundToCall("全量", judges, drawing=Drawing(50)))
        later = RoundToCall("以后", judges, drawing=Drawing(4, since=unit.now + timedelta(days=1)))
        with pytest.raises(TooFewCalls):
            await Calibrations(unit).call(later)
    assert sum("V01" in call.row.machine for call in found.calls) == 2
    assert len(everything.calls) == 8


async def test_only_who_was_asked_judges_and_only_with_known_codes(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    found = await a_round(floor, by, await inspected(*THREAT))
    with pytest.raises(NotTakingPart):
        await rate(by, await a_person(units, floor.agency, "inspector"), found, 0, HEARD_NOTHING)
    for judgement in (Judgement((Named("V99", Severity.MAJOR),)), Judgement(missing=("P99",))):
        with pytest.raises(UnknownCode):
            await rate(by, floor.inspector, found, 0, judgement)


async def test_calling_and_closing_a_round_are_kept_in_the_audit_log(
    units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    await close(by, floor, await a_round(floor, by, await inspected(*THREAT)))
    kept = {entry.action for entry in await remembered(units, floor.agency)}
    assert {AuditAction.CALIBRATION_CALLED, AuditAction.CALIBRATION_CLOSED} <= kept


def body(floor: Floor, inspection_id: UUID, **more: Any) -> dict[str, Any]:
    judges = [str(floor.inspector), str(floor.second_inspector)]
    return {"name": "十一月第一轮", "judges": judges, "inspection_ids": [str(inspection_id)]} | more


async def test_a_round_is_blind_until_it_is_closed(
    client: httpx.AsyncClient, units: Units, floor: Floor, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    comes_in(client, await as_caller(units, floor.agency, floor.inspector))
    who = (await client.get(f"{API}/inspectors")).json()
    assert {one["person_id"] for one in who} == {str(floor.inspector), str(floor.second_inspector)}
    made = await client.post(API, json=body(floor, inspection_id))
    assert made.status_code == 201, made.text
    calibration_id, (sheet,) = made.json()["id"], made.json()["sheets"]
    heard = {"call_id": sheet["call_id"], "found": [{"code": "V01", "severity": "critical", "utterance": 2}]}
    rated = await client.post(f"{API}/{calibration_id}/rate", json=heard)
    assert rated.json()["sheets"][0]["mine"]["score"] == 0

    comes_in(client, await as_caller(units, floor.agency, floor.second_inspector))
    seen = (await client.get(f"{API}/{calibration_id}")).json()
    assert (seen["takes_part"], seen["sheets"][0]["mine"]) == (True, None)
    assert "V01" not in str(seen)
    early = await client.get(f"{API}/{calibration_id}/result")
    assert (early.status_code, early.json()["code"]) == (409, "CALIBRATION_OPEN")
    await client.post(f"{API}/{calibration_id}/rate", json={"call_id": sheet["call_id"]})
    closed = await client.post(f"{API}/{calibration_id}/close", json={"version": seen["version"]})
    assert closed.json()["state"] == "closed"
    result = (await client.get(f"{API}/{calibration_id}/result")).json()
    v01 = next(code for code in result["calls"][0]["codes"] if code["code"] == "V01")
    assert (v01["people"], v01["by_machine"], v01["is_divided"]) == ([str(floor.inspector)], True, True)
    assert len(result["calls"][0]["ratings"]) == 2
    (listed,) = (await client.get(API, params={"state": "closed"})).json()["items"]
    assert (listed["judges"], listed["calls"], listed["ratings"]) == (2, 1, 2)


async def test_a_collector_sees_no_calibration_and_a_supervisor_judges_none(
    client: httpx.AsyncClient, units: Units, floor: Floor, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    comes_in(client, await as_caller(units, floor.agency, floor.collector))
    assert (await client.get(API)).status_code == 403
    comes_in(client, await as_caller(units, floor.agency, floor.supervisor))
    assert (await client.get(API)).status_code == 200
    assert (await client.post(API, json=body(floor, inspection_id))).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"judges": []}, {"inspection_ids": []}, {"draw": {"count": 3}}, {"draw": {"count": 0}, "inspection_ids": []}],
)
async def test_a_round_needs_two_inspectors_and_calls_of_one_kind(
    client: httpx.AsyncClient, units: Units, floor: Floor, wrong: dict[str, Any]
) -> None:
    comes_in(client, await as_caller(units, floor.agency, floor.inspector))
    assert (await client.post(API, json=body(floor, uuid4(), **wrong))).status_code == 422


async def test_a_rules_precision_is_what_people_let_stand(
    client: httpx.AsyncClient, units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    for verdict in (Verdict.AGREED, Verdict.AGREED, Verdict.OVERRULED):
        inspection_id = await inspected(*THREAT)
        async with by(floor.inspector) as unit:
            taken = await Inspections(unit).take(inspection_id)
            said = [Decision(each.id, verdict) for each in taken.findings if each.code == "V01"]
            missed = [FindingToAdd("V10", Severity.MAJOR, 2, None, "加我微信")] if verdict is Verdict.AGREED else []
            await Inspections(unit).decide(inspection_id, taken.row.inspection.version, said, missed, None)
    await inspected(*THREAT)
    comes_in(client, await as_caller(units, floor.agency, floor.owner))
    found = (await client.get(f"{API}/rules")).json()
    rule = next(each for each in found["rules"] if each["code"] == "V01")
    assert (rule["found"], rule["reviewed"], rule["precision"], rule["overruled_share"]) == (4, 3, 0.6667, 0.3333)
    assert rule["likely_from"] < 0.6667 < rule["likely_to"]
    assert found["added"] == {"V10": 2}


async def seen_of(client: httpx.AsyncClient, call_id: str) -> list[int]:
    """Ask for the inspection of a call every way there is; return the answers' codes, and how many it is counted as."""
    quality = "/api/v1/quality/inspections"
    of_call = await client.get(f"{quality}/of-call/{call_id}")
    listed = (await client.get(quality, params={"call_id": call_id})).json()["items"]
    by_code = (await client.get(quality, params={"codes": "V01"})).json()["items"]
    return [of_call.status_code, len(listed), len(by_code)]


async def test_while_she_judges_a_call_blind_what_is_held_of_it_is_not_for_her(
    client: httpx.AsyncClient, units: Units, floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    found = await a_round(floor, by, inspection_id)
    call_id = str(found.calls[0].call.id)
    for person_id, seen in ((floor.inspector, [404, 0, 0]), (floor.owner, [200, 1, 1])):
        comes_in(client, await as_caller(units, floor.agency, person_id))
        assert await seen_of(client, call_id) == seen
    async with by(floor.inspector) as unit:
        with pytest.raises(NotFound):
            await Inspections(unit).take(inspection_id)
        assert await Inspections(unit).next_in_queue() is None
        assert all(figure.found == 0 for figure in await Inspections(unit).rule_figures(InspectionFilter()))
    await close(by, floor, found)
    comes_in(client, await as_caller(units, floor.agency, floor.inspector))
    assert await seen_of(client, call_id) == [200, 1, 1]


async def test_a_call_of_two_rounds_stays_hidden_until_both_are_closed(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    inspection_id = await inspected(*THREAT)
    judges = (floor.inspector, floor.second_inspector)
    rounds: list[Round] = []
    for name in ("一", "二"):
        async with by(floor.owner) as unit:
            rounds.append(await Calibrations(unit).call(RoundToCall(name, judges, (inspection_id,))))
    await close(by, floor, rounds[0])
    async with by(floor.inspector) as unit:
        with pytest.raises(NotFound):
            await Inspections(unit).get(inspection_id)
    await close(by, floor, rounds[1])
    async with by(floor.inspector) as unit:
        assert (await Inspections(unit).get(inspection_id)).findings
