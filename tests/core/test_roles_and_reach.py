"""Three administrators in three pairs of hands, and reach that is never lent further than it goes."""

from __future__ import annotations

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.permissions import Permission, Scope
from anmi.core.person_name import is_person_name
from anmi.core.rights import Grant, Reach, reach_of, rights_of, units_below
from anmi.core.roles import (
    ADMINISTRATIVE,
    ADMINISTRATORS,
    BUILT_IN_ROLES,
    COLLECTOR,
    IDENTITY_THINGS,
    SUPERVISOR,
    excluding_pair,
    forbidden_together,
)

ROOT, EAST, TEAM, SOUTH = (UUID(int=number) for number in range(4))
TREE = {ROOT: None, EAST: ROOT, TEAM: EAST, SOUTH: ROOT}


@pytest.mark.parametrize(("one", "other"), list(combinations(ADMINISTRATORS, 2)))
def test_two_administrators_are_never_one_person(one: object, other: object) -> None:
    assert set(excluding_pair([one, other, SUPERVISOR]) or ()) == {one, other}  # type: ignore[list-item]


@given(st.sets(st.sampled_from(Permission)))
def test_whoever_administers_sees_no_casework_and_administers_one_thing(permissions: set[Permission]) -> None:
    allowed = forbidden_together(permissions) is None
    sees_casework = any(permission.thing not in IDENTITY_THINGS for permission in permissions)
    if allowed and permissions & ADMINISTRATIVE:
        assert not sees_casework
    if not allowed:
        assert permissions & ADMINISTRATIVE


def test_everybody_else_may_be_several_things() -> None:
    everybody = [BUILT_IN_ROLES[code] for code in ("collector", "supervisor", "inspector", "operations", "owner")]
    assert excluding_pair(everybody) is None


@pytest.mark.parametrize(
    ("scope", "unit_id", "reach"),
    [
        (Scope.OWN, EAST, Reach(own=True)),
        (Scope.TEAM, EAST, Reach(own=True, unit_ids=frozenset({EAST}))),
        (Scope.SUBTREE, EAST, Reach(own=True, unit_ids=frozenset({EAST, TEAM}))),
        (Scope.SUBTREE, ROOT, Reach(own=True, unit_ids=frozenset({ROOT, EAST, TEAM, SOUTH}))),
        (Scope.TENANT, TEAM, Reach(own=True, everything=True)),
    ],
)
def test_a_scope_reaches_from_its_unit(scope: Scope, unit_id: UUID, reach: Reach) -> None:
    assert reach_of(scope, unit_id, TREE) == reach


def test_a_circle_in_the_tree_does_not_catch_anybody() -> None:
    assert units_below(EAST, {EAST: TEAM, TEAM: EAST}) == {EAST, TEAM}


reaches = st.builds(
    Reach, own=st.booleans(), unit_ids=st.frozensets(st.sampled_from([*TREE])), everything=st.booleans()
)


@given(reaches, reaches, st.sampled_from([*TREE]))
def test_what_a_reach_contains_it_covers(wide: Reach, narrow: Reach, unit_id: UUID) -> None:
    if wide.contains(narrow) and narrow.covers(unit_id):
        assert wide.covers(unit_id)
    assert (wide | narrow).contains(wide)
    assert (wide | narrow).contains(narrow)


def test_grants_add_up() -> None:
    rights = rights_of([Grant(SUPERVISOR, Scope.TEAM, EAST), Grant(SUPERVISOR, Scope.TEAM, SOUTH)], TREE)
    assert rights.of(Permission.PEOPLE_READ) == Reach(own=True, unit_ids=frozenset({EAST, SOUTH}))
    assert not rights_of([Grant(COLLECTOR, Scope.TENANT, ROOT)], TREE).may(Permission.PEOPLE_READ)


@pytest.mark.parametrize("name", ["张三", "欧阳晓", "阿不都·买买提", "O'Brien", "Anna-Maria v. Dyck", "李"])
def test_names_of_people_are_names(name: str) -> None:
    assert is_person_name(name)


@pytest.mark.parametrize("name", ["", " ", "张 ", "·张", "张3", "张三\n", "<b>", "12", "张" * 51, "😀"])
def test_what_is_no_name_is_none(name: str) -> None:
    assert not is_person_name(name)
