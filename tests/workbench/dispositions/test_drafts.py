"""The half-written note is offered for one's own calls, with its sentences, and nothing is written by it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from anmi.casework.activities.models import Activity
from anmi.casework.promises.models import PromiseToPay
from anmi.core.live_watch_views import Side
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from anmi.quality.live_watch.models import LiveLine
from anmi.telephony.calls.models import Call
from tests.builders.people import a_person, an_agency, as_caller, comes_in
from tests.builders.phone import a_call
from tests.builders.talk import GOOD_TALK, a_transcript
from tests.workbench.contact_gate.asking import Desk, a_desk

PATH = "/api/v1/workbench/dispositions/draft"


@pytest.fixture
async def desk(units: Units, client: httpx.AsyncClient) -> Desk:
    desk = await a_desk(units)
    comes_in(client, await as_caller(units, desk.agency, desk.collector_id))
    return desk


async def a_talk(desk: Desk, *lines: str, person_id: UUID | None = None) -> Call:
    call = await a_call(desk.units, desk.agency, person_id=person_id or desk.collector_id, subject_id=desk.case.id)
    if lines:
        await a_transcript(desk.units, desk.agency, call, *lines)
    return call


async def the_draft(client: httpx.AsyncClient, call: Call) -> dict[str, Any]:
    answer = await client.get(PATH, params={"call_id": str(call.id)})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_agreed_is_offered_with_its_sentence_and_its_second(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    # Called on Wednesday, 4 March 2026.
    found = await the_draft(client, await a_talk(desk, *GOOD_TALK, "a:我下周四上午十点再联系您"))
    assert found["source"] == "transcript"
    assert (found["promise_due_on"]["value"], found["promise_amount_fen"]["value"]) == ("2026-03-13", 350000)
    assert found["promise_amount_fen"]["at"] is not None
    assert "三千五" in found["promise_amount_fen"]["sentence"]
    assert found["result"]["value"] in {"PTP", "PPTP"}
    assert (found["next_contact"]["value"], found["next_contact"]["hour"]) == ("2026-03-12", "10:00:00")
    assert found["next_contact"]["is_ours"]
    assert found["reason"]["value"] == "资金困难"


async def test_while_the_call_lasts_the_live_lines_are_read_and_the_transcript_once_it_is_there(
    client: httpx.AsyncClient, desk: Desk
) -> None:
    call = await a_talk(desk)
    said = ((Side.AGENT, "请问您什么时候可以还款？"), (Side.DEBTOR, "下周五我先还三千五"))
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        for number, (side, text) in enumerate(reversed(said), start=1):
            # What was said first may well be heard last.
            began = (2 - number) * 4000
            unit.session.add(
                LiveLine(
                    id=new_id(), tenant_id=desk.agency.tenant_id, call_id=call.id, number=number, side=side,
                    began_ms=began, ended_ms=began + 3000, text=text, text_sealed=None,
                )
            )  # fmt: skip
    live = await the_draft(client, call)
    assert (live["source"], live["promise_due_on"]["value"]) == ("live", "2026-03-13")
    assert (live["promise_amount_fen"]["value"], live["promise_amount_fen"]["at"]) == (350000, 4.0)
    await a_transcript(desk.units, desk.agency, call, "d:月底还两千")
    written = await the_draft(client, call)
    assert (written["source"], written["promise_amount_fen"]["value"]) == ("transcript", 200000)


async def test_nothing_is_written_by_a_draft(client: httpx.AsyncClient, desk: Desk) -> None:
    await the_draft(client, await a_talk(desk, *GOOD_TALK))
    async with desk.units.begin(the_system(desk.agency.tenant_id)) as unit:
        for table in (Activity, PromiseToPay):
            assert await unit.session.scalar(select(func.count()).select_from(table)) == 0


async def test_a_call_of_which_nothing_was_heard_has_an_empty_draft(client: httpx.AsyncClient, desk: Desk) -> None:
    found = await the_draft(client, await a_talk(desk))
    assert found.pop("source") is None
    found.pop("call_id")
    assert set(found.values()) == {None}


async def test_long_numbers_in_a_sentence_stay_masked(client: httpx.AsyncClient, desk: Desk) -> None:
    found = await the_draft(client, await a_talk(desk, "d:明天还三千，你打我十三八零零零零五六七八这个号"))
    spoken = await the_draft(client, await a_talk(desk, "d:明天还三千我号码是13800005678"))
    assert "13800005678" not in str(spoken)
    assert "八零零零零五六七八" not in str(found)


async def test_somebody_elses_call_and_another_agencys_are_not_there(
    client: httpx.AsyncClient, desk: Desk, units: Units
) -> None:
    colleague = await a_person(units, desk.agency, "collector", scope=Scope.OWN)
    theirs = await a_talk(desk, *GOOD_TALK, person_id=colleague)
    comes_in(
        client, await as_caller(units, desk.agency, await a_person(units, desk.agency, "collector", scope=Scope.OWN))
    )
    assert (await client.get(PATH, params={"call_id": str(theirs.id)})).status_code == 404
    elsewhere = await an_agency(units)
    comes_in(client, await as_caller(units, elsewhere, await a_person(units, elsewhere, "collector")))
    assert (await client.get(PATH, params={"call_id": str(theirs.id)})).status_code == 404


async def test_a_supervisor_reads_the_draft_of_her_teams_call(
    client: httpx.AsyncClient, desk: Desk, units: Units
) -> None:
    call = await a_talk(desk, *GOOD_TALK)
    supervisor = await a_person(units, desk.agency, "supervisor", scope=Scope.SUBTREE)
    comes_in(client, await as_caller(units, desk.agency, supervisor))
    assert (await the_draft(client, call))["promise_amount_fen"]["value"] == 350000
