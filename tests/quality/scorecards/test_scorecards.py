"""Scorecards over HTTP: the usual one stands in for none, weights make 100, a creditor's own goes first."""

from __future__ import annotations

from typing import Any

import httpx

from anmi.core.scorecards import USUAL
from anmi.kit.unit_of_work import Units
from anmi.quality.scorecards.service import Scorecards
from tests.builders.people import signed_in_as
from tests.quality.conftest import By, Floor

URL = "/api/v1/quality/scorecards"
BODY: dict[str, Any] = {
    "name": "银行评分卡",
    "passing": 90,
    "criteria": [
        {"code": "respect", "zh": "文明", "en": "Respect", "weight": 60, "is_critical": True, "rules": ["V01", "V02"]},
        {"code": "opening", "zh": "开场", "en": "Opening", "weight": 40, "rules": ["P01"]},
    ],
}


async def test_an_agency_that_has_made_none_has_the_usual_one(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    await signed_in_as(client, units, floor.agency, floor.inspector)
    (card,) = (await client.get(URL)).json()
    assert card["id"] is None
    assert [each["code"] for each in card["criteria"]] == [criterion.code for criterion in USUAL]


async def test_a_scorecard_is_made_and_changed(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    await signed_in_as(client, units, floor.agency, floor.inspector)
    made = await client.post(URL, json=BODY)
    assert made.status_code == 201, made.text
    card = made.json()
    assert (await client.post(URL, json=BODY)).json()["code"] == "SCORECARD_NAME_TAKEN"
    changed = await client.put(f"{URL}/{card['id']}", json=BODY | {"passing": 70, "version": card["version"]})
    assert changed.json()["passing"] == 70
    stale = await client.put(f"{URL}/{card['id']}", json=BODY | {"version": card["version"]})
    assert stale.status_code == 409


async def test_a_scorecard_whose_weights_do_not_make_100_is_refused(
    client: httpx.AsyncClient, units: Units, floor: Floor
) -> None:
    await signed_in_as(client, units, floor.agency, floor.inspector)
    criteria = [BODY["criteria"][0] | {"weight": 50}, BODY["criteria"][1]]
    answer = await client.post(URL, json=BODY | {"criteria": criteria})
    assert (answer.status_code, answer.json()["code"]) == (422, "SCORECARD_INVALID")


async def test_a_creditors_own_scorecard_goes_before_the_agencys(
    client: httpx.AsyncClient, units: Units, floor: Floor, by: By
) -> None:
    await signed_in_as(client, units, floor.agency, floor.inspector)
    creditor_id = str(floor.owner)
    await client.post(URL, json=BODY | {"name": "全机构"})
    await client.post(URL, json=BODY | {"name": "某行", "creditor_id": creditor_id})
    async with by(floor.inspector) as unit:
        own = await Scorecards(unit).for_calls_of(floor.owner)
        other = await Scorecards(unit).for_calls_of(floor.collector)
    assert own.row is not None
    assert other.row is not None
    assert (own.row.name, other.row.name) == ("某行", "全机构")


async def test_a_collector_makes_no_scorecards(client: httpx.AsyncClient, units: Units, floor: Floor) -> None:
    await signed_in_as(client, units, floor.agency, floor.collector)
    assert (await client.post(URL, json=BODY)).status_code == 403
