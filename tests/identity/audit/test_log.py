"""The auditor's screen: what was done, by whom, and the proof that nobody has touched it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from anmi.core.audit_actions import AuditAction, Outcome
from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.identity.audit.anchors import Anchors, head_of
from anmi.identity.audit.service import FAULT_WORDS, RANGE_WORDS, sentence_of
from anmi.kit.audit import Anchor
from anmi.kit.audit_chain import Fault, FaultKind
from anmi.kit.caller import the_system
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.builders.audit import remembered
from tests.builders.house import Watch
from tests.builders.people import Agency, a_person, a_unit, an_agency, as_caller, comes_in, signed_in_as, somebody

AUDIT = "/api/v1/identity/audit"


@pytest.fixture
async def agency(units: Units) -> Agency:
    return await an_agency(units)


@pytest.fixture
async def auditor(client: httpx.AsyncClient, units: Units, agency: Agency) -> httpx.AsyncClient:
    person_id = await a_person(units, agency, "auditor", name="审计员")
    await signed_in_as(client, units, agency, person_id)
    return client


async def seqs(client: httpx.AsyncClient, **query: Any) -> list[int]:
    answer = await client.get(AUDIT, params=query)
    assert answer.status_code == 200, answer.text
    return [entry["seq"] for entry in answer.json()["items"]]


async def test_an_entry_says_who_did_what_when_and_from_where(
    auditor: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    actor = await a_person(units, agency, name="王五")
    async with units.begin(await as_caller(units, agency, actor)) as unit:
        unit.remember(AuditAction.PERSON_DISABLED, ("person", actor), after={"state": "disabled"})
    (entry,) = (await auditor.get(AUDIT)).json()["items"]
    (kept,) = await remembered(units, agency, "person.disabled")
    assert entry == {
        "seq": 1,
        "at": "2026-03-04T02:00:00Z",
        "actor_kind": "person",
        "actor": {"id": str(actor), "name": "王五"},
        "ip": "192.0.2.7",
        "device": "tests",
        "action": "person.disabled",
        "action_zh": "停用人员",
        "action_en": "Person disabled",
        "target": {"kind": "person", "id": str(actor)},
        "outcome": "done",
        "facts": {"after": {"state": "disabled"}},
        "hash": kept.digest.hex(),
    }


async def test_the_log_is_searched_by_actor_action_outcome_time_and_target(
    auditor: httpx.AsyncClient, units: Units, agency: Agency, watch: Watch
) -> None:
    actor, thing = await a_person(units, agency), new_id()
    caller = await as_caller(units, agency, actor)
    async with units.begin(caller) as unit:  # 1
        unit.remember(AuditAction.PERSON_ADDED, ("person", thing))
    watch.pass_by(hours=1)
    async with units.begin(the_system(agency.tenant_id)) as unit:  # 2, 3
        unit.remember(AuditAction.ROLE_ADDED, ("role", "clerk"))
        unit.remember(AuditAction.REQUEST_REFUSED, outcome=Outcome.REFUSED)
    assert await seqs(auditor, actor=actor) == [1]
    assert await seqs(auditor, action="role.added") == [2]
    assert await seqs(auditor, outcome="refused") == [3]
    assert await seqs(auditor, to="2026-03-04T11:00:00+08:00", action="person.added") == [1]
    assert await seqs(auditor, **{"from": "2026-03-04T02:30:00Z"}, action="person.added") == []
    assert await seqs(auditor, target="person") == [1]
    assert await seqs(auditor, target="clerk") == [2]
    assert await seqs(auditor, target=str(thing)) == [1]
    assert await seqs(auditor, target=f"person:{thing}") == [1]
    assert await seqs(auditor, target=f"role:{thing}") == []


async def test_a_search_is_remembered_once_and_not_with_every_page(
    auditor: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        for _ in range(7):
            unit.remember(AuditAction.ROLE_ADDED)
    seen: list[int] = []
    after: str | None = None
    while True:
        query = {"action": "role.added", "limit": 3} | ({"after": after} if after else {})
        answer = (await auditor.get(AUDIT, params=query)).json()
        seen += [entry["seq"] for entry in answer["items"]]
        after = answer["next"]
        if after is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    (entry,) = await remembered(units, agency, "audit.read")
    assert entry.facts == {"sought": {"action": "role.added"}}


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "１", "1.0"])
async def test_a_place_that_is_none_is_refused(auditor: httpx.AsyncClient, after: str) -> None:
    answer = await auditor.get(AUDIT, params={"after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "BAD_CURSOR")


async def test_an_auditor_of_a_branch_sees_what_its_people_did(
    client: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    branch = await a_unit(units, agency, "华东")
    here, there = await a_person(units, agency, unit_id=branch), await a_person(units, agency)
    for actor in (here, there):
        async with units.begin(await as_caller(units, agency, actor)) as unit:
            unit.remember(AuditAction.SESSION_OPENED)
    comes_in(client, somebody(agency, Rights({Permission.AUDIT_READ: Reach(unit_ids=frozenset({branch}))})))
    assert await seqs(client) == [1]


async def test_no_agency_reads_the_log_of_another(auditor: httpx.AsyncClient, units: Units) -> None:
    other = await an_agency(units)
    async with units.begin(the_system(other.tenant_id)) as unit:
        unit.remember(AuditAction.ROLE_ADDED)
    assert await seqs(auditor) == []


async def test_verifying_an_intact_log_says_so_and_is_remembered(
    auditor: httpx.AsyncClient, units: Units, agency: Agency
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.remember(AuditAction.ROLE_ADDED)
    verdict = (await auditor.post(f"{AUDIT}/verify")).json()
    assert verdict == {"entries": 1, "intact": True, "fault_count": 0, "faults": []}
    (entry,) = await remembered(units, agency, "audit.verified")
    assert (entry.outcome, entry.facts) == ("done", {"entries": 1, "faults": 0})


async def test_anchors_that_reach_beyond_the_log_show_that_it_was_cut(
    auditor: httpx.AsyncClient, units: Units, agency: Agency, tmp_path: Path, watch: Watch
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.remember(AuditAction.ROLE_ADDED)
    Anchors(tmp_path).append([Anchor(agency.tenant_id, 3, b"x" * 32)], watch())
    verdict = (await auditor.post(f"{AUDIT}/verify")).json()
    assert [(fault["fault"], fault["seq"], fault["last"]) for fault in verdict["faults"]] == [
        ("head", 1, 1),
        ("cut", 2, 3),
    ]
    assert verdict["faults"][1]["sentence_zh"] == "末尾的第 2 至 3 条被删除"
    (entry,) = await remembered(units, agency, "audit.verified")
    assert entry.outcome == "failed"


async def test_anchors_are_kept_line_by_line_even_across_a_crash(
    units: Units, agency: Agency, tmp_path: Path, watch: Watch
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.remember(AuditAction.ROLE_ADDED)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        head = await head_of(unit.session, agency.tenant_id)
        assert await head_of(unit.session, new_id()) is None
    assert head is not None
    anchors = Anchors(tmp_path)
    assert anchors.of(agency.tenant_id) == []
    anchors.append([head, Anchor(new_id(), 9, b"y" * 32)], watch())
    file = tmp_path / "audit" / "anchors.jsonl"
    with file.open("a", encoding="utf-8") as torn:
        torn.write(f'{{"tenant_id": "{agency.tenant_id}", "se')
    assert anchors.of(agency.tenant_id) == [head]
    anchors.append([head], watch())
    assert anchors.of(agency.tenant_id) == [head, head]
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", list(FaultKind))
def test_every_fault_is_told_in_both_languages(kind: FaultKind) -> None:
    for words in (FAULT_WORDS[kind], sentence_of(Fault(5, kind, 5, 7))):
        assert words.zh
        assert words.en
    if kind in RANGE_WORDS:
        assert sentence_of(Fault(5, kind, 9)).en.startswith("Entries 5 to 9")
