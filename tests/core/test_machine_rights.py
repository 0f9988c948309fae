"""What a machine may be given: never an administrator's keys, never more than its issuer could give."""

from __future__ import annotations

from uuid import uuid4

import pytest

from anmi.core.machine_rights import givable, is_within, not_givable
from anmi.core.permissions import Permission, Scope
from anmi.core.rights import Grant, Reach, rights_of
from anmi.core.roles import ADMINISTRATIVE, BUILT_IN_ROLES, OWNER, PLATFORM, SECURITY_ADMINISTRATOR, Role

HERE, THERE = uuid4(), uuid4()


@pytest.mark.parametrize("role", BUILT_IN_ROLES.values(), ids=BUILT_IN_ROLES)
def test_nobody_puts_an_administrators_keys_into_a_machine(role: Role) -> None:
    assert not givable(rights_of([Grant(role, Scope.TENANT, HERE)], {})) & (ADMINISTRATIVE | PLATFORM)


def test_who_grants_roles_gives_what_roles_can_hold() -> None:
    rights = rights_of([Grant(SECURITY_ADMINISTRATOR, Scope.TENANT, HERE)], {})
    assert not_givable([Permission.CASES_READ, Permission.PEOPLE_READ], rights) == ()
    assert not_givable([Permission.CASES_READ, Permission.AUDIT_READ], rights) == (Permission.AUDIT_READ,)


def test_who_grants_nothing_gives_what_she_holds() -> None:
    rights = rights_of([Grant(OWNER, Scope.TENANT, HERE)], {})
    assert givable(rights) <= OWNER.permissions


@pytest.mark.parametrize(
    ("asked", "held", "fits"),
    [
        (Reach(unit_ids=frozenset({HERE})), Reach(everything=True), True),
        (Reach(everything=True), Reach(everything=True), True),
        (Reach(everything=True), Reach(own=True, unit_ids=frozenset({HERE})), False),
        (Reach(unit_ids=frozenset({HERE})), Reach(unit_ids=frozenset({HERE, THERE})), True),
        (Reach(unit_ids=frozenset({HERE, THERE})), Reach(unit_ids=frozenset({HERE})), False),
        (Reach(unit_ids=frozenset({HERE})), Reach(own=True), False),
    ],
)
def test_a_token_reaches_no_farther_than_its_issuer(asked: Reach, held: Reach, fits: bool) -> None:
    assert is_within(asked, held) is fits
