"""What an API token may be given: never more than its issuer could give away, and never an administrator's keys."""

from __future__ import annotations

from collections.abc import Iterable

from anmi.core.permissions import Permission
from anmi.core.rights import Reach, Rights
from anmi.core.roles import ADMINISTRATIVE, PLATFORM


def givable(rights: Rights) -> frozenset[Permission]:
    """Return what somebody may put into a token: what she holds, and, if she grants roles, what roles can hold.

    The administrators' own permissions stay with people: a machine has no second factor.
    """
    held = frozenset(rights.reach)
    grantable = frozenset(Permission) if Permission.GRANTS_WRITE in held else held
    return grantable - ADMINISTRATIVE - PLATFORM


def not_givable(permissions: Iterable[Permission], rights: Rights) -> tuple[Permission, ...]:
    """Name the permissions that somebody may not put into a token."""
    return tuple(sorted(set(permissions) - givable(rights)))


def is_within(asked: Reach, held: Reach) -> bool:
    """Say whether one reach lies within another; a machine has nothing of its own, so that does not count."""
    return held.everything or (not asked.everything and asked.unit_ids <= held.unit_ids)
