"""Who hears which news: those within reach of the unit or the holder they speak of."""

from __future__ import annotations

from uuid import UUID

import pytest

from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.entrypoints.topics import may_hear
from anmi.kit.caller import Caller, CallerKind
from anmi.kit.hub import Heard
from anmi.kit.ids import new_id

ME, ELSE, TEAM, OTHER = (new_id() for _ in range(4))


@pytest.mark.parametrize(
    ("reach", "unit_id", "holder_id", "hears"),
    [
        (Reach(own=True), TEAM, ME, True),
        (Reach(own=True), TEAM, ELSE, False),
        (Reach(own=True), None, None, False),
        (Reach(own=True, unit_ids=frozenset({TEAM})), TEAM, ELSE, True),
        (Reach(own=True, unit_ids=frozenset({TEAM})), OTHER, ELSE, False),
        (Reach(own=True, everything=True), None, None, True),
    ],
)
def test_news_of_a_case_are_for_those_who_see_the_case(
    reach: Reach, unit_id: UUID | None, holder_id: UUID | None, hears: bool
) -> None:
    caller = Caller(CallerKind.PERSON, new_id(), ME, TEAM, rights=Rights({Permission.CASES_READ: reach}))
    about = {
        "case_id": str(new_id()),
        "unit_id": str(unit_id) if unit_id else None,
        "holder_id": str(holder_id) if holder_id else None,
    }
    assert may_hear(Heard(1, caller.tenant_id, "cases", "CaseStepped", about), caller) is hears


def test_news_that_speak_of_nobody_are_for_the_whole_topic() -> None:
    caller = Caller(CallerKind.PERSON, new_id(), ME, rights=Rights({Permission.ROLES_READ: Reach(everything=True)}))
    assert may_hear(Heard(1, caller.tenant_id, "roles", "RoleAdded", {"code": "x"}), caller)
    assert not may_hear(Heard(1, caller.tenant_id, "people", "PersonAdded", {}), caller)


@pytest.mark.parametrize(("holder_id", "hears"), [(ME, True), (ELSE, False)])
def test_an_agent_hears_of_the_watch_of_her_own_calls_without_the_right_to_monitor(
    holder_id: UUID, hears: bool
) -> None:
    rights = Rights({Permission.PHONE_USE: Reach(own=True, unit_ids=frozenset({TEAM}))})
    caller = Caller(CallerKind.PERSON, new_id(), ME, TEAM, rights=rights)
    about = {"call_id": str(new_id()), "unit_id": str(TEAM), "holder_id": str(holder_id)}
    assert may_hear(Heard(1, caller.tenant_id, "watch", "Line", about), caller) is hears
