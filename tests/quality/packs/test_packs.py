"""An agency's own rules: they keep their examples, are tried on real calls, and are never approved by their writer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anmi.kit.errors import StaleVersion
from anmi.kit.paging import Ask
from anmi.quality.inspections.service import InspectionFilter, Inspections
from anmi.quality.packs.models import PackState
from anmi.quality.packs.service import OwnRules, PackInvalid, PackNotDraft, PackNotProposed, Packs
from tests.quality.conftest import By, Floor, Inspect

RULE: dict[str, Any] = {
    "id": "V17.zodiac",
    "version": 1,
    "code": "V17",
    "severity": "major",
    "title": "问属相",
    "patterns": ["请问你(是)?属(什么|羊|虎|鼠)"],
    "unless": [],
    "parties": [],
    "before_verification": False,
    "fire": ["请问您是属羊的吗"],
    "hold": ["请问您什么时候方便"],
}
SAID = ("d:喂", "a:请问您属什么", "d:什么意思")


async def test_a_published_rule_is_held_against_the_next_call(floor: Floor, by: By, inspected: Inspect) -> None:
    before = await inspected(*SAID)
    async with by(floor.inspector) as unit:
        pack = await Packs(unit).draft("补充属相", [RULE])
        await Packs(unit).propose(pack.id, 1)
    async with by(floor.owner) as unit:
        await Packs(unit).publish(pack.id, 2, "同意发布")
    after = await inspected(*SAID)
    async with by(floor.inspector) as unit:
        found = {
            view.row.inspection.id: view.codes for view in (await Inspections(unit).page(InspectionFilter(), Ask()))[0]
        }
        version = (await Inspections(unit).get(after)).row.inspection.pack_version
    assert "V17" in found[after]
    assert "V17" not in found[before]
    assert version == "builtin+1"


async def test_a_rule_set_aside_fires_no_longer(floor: Floor, by: By) -> None:
    async with by(floor.inspector) as unit:
        known = {rule.heading.id for rule in (await Packs(unit).in_force()).pack.rules}
        assert "V01.menace" in known
        pack = await Packs(unit).draft("先停用", [{"id": "V01.menace", "off": True}])
        await Packs(unit).propose(pack.id, 1)
    async with by(floor.owner) as unit:
        await Packs(unit).publish(pack.id, 2, "同意")
        assert {rule.heading.id for rule in (await Packs(unit).in_force()).pack.rules} == known - {"V01.menace"}


@pytest.mark.parametrize(
    "bent",
    [
        {"fire": ["今天天气不错"]},
        {"hold": ["请问您属虎吗"]},
        {"patterns": ["(没有收尾"]},
        {"patterns": ["{no_such_concept}"]},
    ],
)
async def test_rules_that_do_not_keep_their_examples_are_refused(floor: Floor, by: By, bent: dict[str, Any]) -> None:
    with pytest.raises(PackInvalid):
        async with by(floor.inspector) as unit:
            await Packs(unit).draft("有错的规则", [RULE | bent])


async def test_a_version_is_tried_on_yesterdays_calls_before_it_is_proposed(
    floor: Floor, by: By, inspected: Inspect
) -> None:
    await inspected(*SAID)
    await inspected("d:喂", "a:您好", "d:你好")
    async with by(floor.inspector) as unit:
        pack = await Packs(unit).draft("补充属相", [RULE])
        tried = await Packs(unit).try_on(pack.id, unit.now - timedelta(days=1), unit.now + timedelta(days=1))
    assert tried.trial is not None
    assert (tried.trial["calls"], tried.trial["differing"]) == (2, 1)
    assert tried.trial["differences"][0]["more"][0][0] == "V17"
    assert tried.trial["differences"][0]["less"] == []


async def test_nobody_puts_rules_in_force_that_she_has_written(floor: Floor, by: By) -> None:
    async with by(floor.owner) as unit:
        pack = await Packs(unit).draft("自己写的", [RULE])
        await Packs(unit).propose(pack.id, 1)
    with pytest.raises(OwnRules):
        async with by(floor.owner) as unit:
            await Packs(unit).publish(pack.id, 2, "同意")


async def test_the_life_of_a_version_goes_one_way(floor: Floor, by: By) -> None:
    async with by(floor.inspector) as unit:
        pack = await Packs(unit).draft("第一稿", [RULE])
    with pytest.raises(PackNotProposed):
        async with by(floor.owner) as unit:
            await Packs(unit).publish(pack.id, 1, "同意")
    with pytest.raises(StaleVersion):
        async with by(floor.inspector) as unit:
            await Packs(unit).edit(pack.id, 7, "旧的", [RULE])
    async with by(floor.inspector) as unit:
        await Packs(unit).propose(pack.id, 1)
    with pytest.raises(PackNotDraft):
        async with by(floor.inspector) as unit:
            await Packs(unit).edit(pack.id, 2, "改一改", [RULE])
    async with by(floor.owner) as unit:
        assert (await Packs(unit).reject(pack.id, 2, "例句太少")).state is PackState.REJECTED


async def test_a_new_version_retires_the_one_in_force(floor: Floor, by: By) -> None:
    for number in (1, 2):
        async with by(floor.inspector) as unit:
            pack = await Packs(unit).draft(f"第{number}版", [RULE | {"version": number}])
            await Packs(unit).propose(pack.id, 1)
        async with by(floor.owner) as unit:
            await Packs(unit).publish(pack.id, 2, "同意")
    async with by(floor.owner) as unit:
        states = [pack.state for pack in await Packs(unit).all()]
    assert states == [PackState.PUBLISHED, PackState.RETIRED]
