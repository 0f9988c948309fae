"""The log betrays every hand that touches it, even that of somebody who owns the database."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from anmi.core.audit_actions import AuditAction
from anmi.kit import audit
from anmi.kit.audit import Anchor
from anmi.kit.caller import the_system
from anmi.kit.db import sqlalchemy_url
from anmi.kit.embedded_postgres import SUPERUSER, EmbeddedPostgres
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring
from anmi.kit.settings import CipherSuite
from anmi.kit.unit_of_work import Units
from tests.builders.house import Watch
from tests.builders.people import Agency, an_agency

ENTRIES = 10

Tamper = Callable[..., Awaitable[None]]
Verify = Callable[..., Awaitable[list[tuple[Any, ...]]]]


@pytest.fixture
async def connection(postgres: EmbeddedPostgres, database_name: str) -> AsyncGenerator[AsyncConnection]:
    """Return a connection of somebody who stands above the fence and has switched off the guard of the log."""
    engine = create_async_engine(sqlalchemy_url(postgres.url(SUPERUSER, database_name)))
    async with engine.connect() as connection:
        await connection.begin()
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        await connection.rollback()
    await engine.dispose()


@pytest.fixture
async def agency(units: Units) -> Agency:
    agency = await an_agency(units)
    await remember(units, agency, ENTRIES)
    return agency


async def remember(units: Units, agency: Agency, entries: int) -> None:
    for number in range(entries):
        async with units.begin(the_system(agency.tenant_id)) as unit:
            unit.remember(AuditAction.PERSON_ADDED, ("person", new_id()), number=number, name="张*")


@pytest.fixture
def tamper(connection: AsyncConnection, agency: Agency) -> Tamper:
    async def tamper(*statements: str, **values: Any) -> None:
        for statement in statements:
            await connection.execute(text(statement), {"tenant": agency.tenant_id} | values)

    return tamper


@pytest.fixture
def verified(units: Units, agency: Agency) -> Verify:
    async def verified(*anchors: Anchor, tenant_id: UUID | None = None) -> list[tuple[Any, ...]]:
        tenant_id = tenant_id or agency.tenant_id
        async with units.begin(the_system(tenant_id)) as unit:
            _, faults = await audit.verify(unit.session, unit.keyring, tenant_id, anchors)
        short = [(fault.kind.value, fault.seq, fault.last, fault.belongs) for fault in faults]
        return [
            (kind, seq) if seq == last and belongs is None else (kind, seq, last, belongs)
            for kind, seq, last, belongs in short
        ]

    return verified


async def test_an_untouched_log_is_intact(units: Units, agency: Agency, verified: Verify) -> None:
    assert await verified() == []
    async with units.begin(the_system(agency.tenant_id)) as unit:
        walked, _ = await audit.verify(unit.session, unit.keyring, agency.tenant_id)
    assert walked == ENTRIES


async def test_an_agency_that_did_nothing_has_an_intact_log(units: Units, verified: Verify) -> None:
    other = await an_agency(units)
    assert await verified(tenant_id=other.tenant_id) == []


@pytest.mark.parametrize("seq", [1, 5, ENTRIES])
@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_kind = 'person'",
        "actor_id = gen_random_uuid()",
        "session_id = gen_random_uuid()",
        "ip = '203.0.113.9'",
        "device = 'x'",
        "action = 'person.disabled'",
        "target_kind = 'role'",
        "target_id = 'x'",
        "target_id = NULL",
        "outcome = 'failed'",
        "facts = jsonb_set(facts, '{number}', '77')",
        "facts = facts - 'name'",
        "facts = jsonb_set(facts, '{name}', '\"张＊\"')",
        "seal = set_byte(seal, 0, get_byte(seal, 0) # 1)",
        "seal = ''",
        "digest = set_byte(digest, 31, get_byte(digest, 31) # 128)",
        "seal = digest, digest = seal",
    ],
)
async def test_a_changed_entry_is_named_and_no_other(tamper: Tamper, verified: Verify, change: str, seq: int) -> None:
    await tamper(f"UPDATE audit_entries SET {change} WHERE tenant_id = :tenant AND seq = :seq", seq=seq)
    assert await verified() == [("changed", seq)]


async def test_every_changed_entry_is_named(tamper: Tamper, verified: Verify) -> None:
    await tamper("UPDATE audit_entries SET ip = 'x' WHERE tenant_id = :tenant AND seq IN (2, 3, 7)")
    assert await verified() == [("changed", 2), ("changed", 3), ("changed", 7)]


@pytest.mark.parametrize(
    ("gone", "faults"),
    [
        ("seq = 1", [("missing", 1)]),
        ("seq = 5", [("missing", 5)]),
        (f"seq = {ENTRIES}", [("cut", ENTRIES)]),
        ("seq IN (2, 4, 5, 6)", [("missing", 2), ("missing", 4, 6, None)]),
        ("seq > 7", [("cut", 8, ENTRIES, None)]),
        ("true", [("cut", 1, ENTRIES, None)]),
    ],
)
async def test_removed_entries_are_named(
    tamper: Tamper, verified: Verify, gone: str, faults: list[tuple[Any, ...]]
) -> None:
    await tamper(f"DELETE FROM audit_entries WHERE tenant_id = :tenant AND {gone}")
    assert await verified() == faults


async def test_a_change_beside_a_gap_is_named_as_well(tamper: Tamper, verified: Verify) -> None:
    await tamper(
        "DELETE FROM audit_entries WHERE tenant_id = :tenant AND seq = 5",
        "UPDATE audit_entries SET ip = 'x' WHERE tenant_id = :tenant AND seq IN (4, 6)",
    )
    assert await verified() == [("changed", 4), ("missing", 5), ("changed", 6)]


MOVE = "UPDATE audit_entries SET seq = {to} WHERE tenant_id = :tenant AND {which}"


@pytest.mark.parametrize(("one", "other"), [(5, 6), (2, 9), (1, ENTRIES)])
async def test_two_entries_that_changed_places_are_named_with_the_places_they_belong(
    tamper: Tamper, verified: Verify, one: int, other: int
) -> None:
    await tamper(
        MOVE.format(to=-1, which=f"seq = {one}"),
        MOVE.format(to=one, which=f"seq = {other}"),
        MOVE.format(to=other, which="seq = -1"),
    )
    assert await verified() == [("moved", one, one, other), ("moved", other, other, one)]


async def test_an_entry_put_aside_is_found_where_it_is(tamper: Tamper, verified: Verify) -> None:
    await tamper(MOVE.format(to=9_223_372_036_854_775_807, which="seq = 4"))
    assert await verified() == [("moved", 9_223_372_036_854_775_807, 9_223_372_036_854_775_807, 4)]


async def test_a_removal_that_closes_the_ranks_is_found(tamper: Tamper, verified: Verify) -> None:
    await tamper(
        "DELETE FROM audit_entries WHERE tenant_id = :tenant AND seq = 5",
        MOVE.format(to="-seq", which="seq > 5"),
        MOVE.format(to="-seq - 1", which="seq < 0"),
    )
    assert await verified() == [("missing", 5), *(("moved", seq, seq, seq + 1) for seq in range(5, ENTRIES))]


FORGE = """
    INSERT INTO audit_entries (tenant_id, seq, at, actor_kind, ip, device, action, outcome, facts, seal, digest)
    SELECT tenant_id, {seq}, at, actor_kind, ip, device, action, outcome, facts, seal, digest
    FROM audit_entries WHERE tenant_id = :tenant AND seq = 3
"""


async def test_a_forged_entry_between_others_is_named(tamper: Tamper, verified: Verify) -> None:
    await tamper(
        MOVE.format(to="-seq", which="seq > 4"), MOVE.format(to="-seq + 1", which="seq < 0"), FORGE.format(seq=5)
    )
    assert await verified() == [
        ("inserted", 5),
        *(("moved", seq, seq, seq - 1) for seq in range(6, ENTRIES + 2)),
    ]


@pytest.mark.parametrize("seq", [0, -4, ENTRIES + 1, ENTRIES + 50])
async def test_a_forged_entry_before_or_after_all_others_is_named(tamper: Tamper, verified: Verify, seq: int) -> None:
    await tamper(FORGE.format(seq=seq))
    assert await verified() == [("inserted", seq)]


async def test_a_forged_entry_for_which_the_head_was_moved_on_is_named(tamper: Tamper, verified: Verify) -> None:
    await tamper(
        FORGE.format(seq=ENTRIES + 1),
        "UPDATE audit_heads SET seq = seq + 1, digest = (SELECT digest FROM audit_entries a"
        " WHERE a.tenant_id = audit_heads.tenant_id ORDER BY a.seq DESC LIMIT 1) WHERE tenant_id = :tenant",
    )
    assert await verified() == [("changed", ENTRIES + 1)]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ("UPDATE audit_heads SET seq = 7 WHERE tenant_id = :tenant", [("head", 7)]),
        ("UPDATE audit_heads SET digest = 'x' WHERE tenant_id = :tenant", [("head", ENTRIES)]),
        ("UPDATE audit_heads SET seq = 12 WHERE tenant_id = :tenant", [("cut", 11, 12, None)]),
        ("DELETE FROM audit_heads WHERE tenant_id = :tenant", [("head", ENTRIES)]),
    ],
)
async def test_a_touched_head_is_named(
    tamper: Tamper, verified: Verify, change: str, faults: list[tuple[Any, ...]]
) -> None:
    await tamper(change)
    assert await verified() == faults


CUT = (
    "DELETE FROM audit_entries WHERE tenant_id = :tenant AND seq > 6",
    "UPDATE audit_heads SET seq = 6, digest = (SELECT digest FROM audit_entries a"
    " WHERE a.tenant_id = audit_heads.tenant_id AND a.seq = 6) WHERE tenant_id = :tenant",
)


async def anchor_of(units: Units, agency: Agency) -> Anchor:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        head = await unit.session.get_one(audit.AuditHead, agency.tenant_id)
        return Anchor(agency.tenant_id, head.seq, head.digest)


async def test_a_log_that_was_cut_and_given_its_old_head_is_betrayed_by_an_anchor(
    tamper: Tamper, verified: Verify, units: Units, agency: Agency
) -> None:
    anchor = await anchor_of(units, agency)
    assert await verified(anchor) == []
    await tamper(*CUT)
    assert await verified() == []
    assert await verified(anchor) == [("head", 6), ("cut", 7, ENTRIES, None)]


async def test_a_log_that_was_cut_and_has_grown_again_is_betrayed_by_an_anchor(
    tamper: Tamper, verified: Verify, units: Units, agency: Agency
) -> None:
    anchor = await anchor_of(units, agency)
    await tamper(*CUT)
    await remember(units, agency, ENTRIES)
    assert await verified() == []
    assert await verified(anchor) == [("changed", ENTRIES)]


async def test_an_older_entry_put_back_in_its_place_does_not_fit_the_chain(
    tamper: Tamper, verified: Verify, units: Units, agency: Agency
) -> None:
    await tamper("CREATE TEMP TABLE older AS SELECT * FROM audit_entries WHERE tenant_id = :tenant AND seq = 8")
    await tamper(*CUT)
    await remember(units, agency, 6)
    await tamper(
        "DELETE FROM audit_entries WHERE tenant_id = :tenant AND seq = 8",
        "INSERT INTO audit_entries SELECT * FROM older",
    )
    assert await verified() == [("changed", 8)]


async def test_an_entry_that_was_given_to_another_agency_is_missed_here_and_strange_there(
    tamper: Tamper, verified: Verify, units: Units
) -> None:
    other = await an_agency(units)
    await remember(units, other, 3)
    await tamper(
        "UPDATE audit_entries SET tenant_id = :other WHERE tenant_id = :tenant AND seq = 4", other=other.tenant_id
    )
    assert await verified() == [("missing", 4)]
    assert await verified(tenant_id=other.tenant_id) == [("inserted", 4)]


async def test_the_log_of_one_agency_does_not_open_with_the_keys_of_another_installation(
    units: Units, agency: Agency
) -> None:
    stranger = Keyring({1: os.urandom(32)}, os.urandom(32), CipherSuite.INTERNATIONAL)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        _, faults = await audit.verify(unit.session, stranger, agency.tenant_id)
    assert len(faults) == ENTRIES


async def test_a_log_stays_intact_when_the_suite_of_algorithms_is_changed(
    connection: AsyncConnection, units: Units, watch: Watch
) -> None:
    roots, index = {1: os.urandom(32)}, os.urandom(32)
    agency = await an_agency(units)
    for suite in (CipherSuite.INTERNATIONAL, CipherSuite.NATIONAL, CipherSuite.INTERNATIONAL):
        keyring = Keyring(roots, index, suite)
        await remember(Units(units.database, keyring, watch, connection=connection), agency, 2)
    async with units.begin(the_system(agency.tenant_id)) as unit:
        assert await audit.verify(unit.session, keyring, agency.tenant_id) == (6, [])


class Colour(StrEnum):
    RED = "red"


async def test_whatever_is_remembered_comes_back_as_it_was_sealed(
    units: Units, agency: Agency, verified: Verify
) -> None:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.remember(
            AuditAction.PERSON_CHANGED,
            ("person", "\x00odd"),
            share=0.1,
            large=1e300,
            number=10**30,
            nothing=None,
            text="\x00 \ud800 😀 \u2028",
            colour=Colour.RED,
            when=unit.now,
            who=agency.tenant_id,
            names={"\x00": {"b", "a"} - {"a"}, 7: (True, False)},
        )
    assert await verified() == []


async def test_a_rolled_back_unit_leaves_no_hole(units: Units, agency: Agency, verified: Verify) -> None:
    async def fail() -> None:
        async with units.begin(the_system(agency.tenant_id)) as unit:
            unit.remember(AuditAction.PERSON_ADDED)
            await unit.finish()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await remember(units, agency, 1)
    assert await verified() == []
