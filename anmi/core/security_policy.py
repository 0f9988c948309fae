"""The security policy of an agency: what a password must be, when an account locks, how long a session lasts.

An agency may be stricter than the platform's floor (GB/T 22239-2019, 8.1.4.1 a, b), never more lenient.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from anmi.core.roles import ADMINISTRATIVE, PLATFORM, Role


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """`classes` of four: small letters, capitals, digits, others. `history` passwords do not come back."""

    min_length: int = 10
    classes: int = 3
    history: int = 5
    max_age_days: int = 90


@dataclass(frozen=True, slots=True)
class LockoutRules:
    """After `attempts` failures in a row nobody gets in for `minutes`; each further lock-out lasts twice as long."""

    attempts: int = 5
    minutes: int = 15


@dataclass(frozen=True, slots=True)
class SessionRules:
    """A session ends after a time without a request, and after `absolute_hours` in any case."""

    idle_minutes: int = 30
    absolute_hours: int = 12
    single: bool = False
    """A person has one session at a time: a new one ends the others."""


@dataclass(frozen=True, slots=True)
class AccountRules:
    """An account that nobody has come in with for `idle_days` is disabled by night (8.1.4.2 c)."""

    idle_days: int = 30


@dataclass(frozen=True, slots=True)
class SecurityPolicy:
    """What an agency asks of those who come in."""

    password: PasswordRules = field(default_factory=PasswordRules)
    lockout: LockoutRules = field(default_factory=LockoutRules)
    session: SessionRules = field(default_factory=SessionRules)
    account: AccountRules = field(default_factory=AccountRules)
    totp_required_roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an agency may move one of its numbers."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A number outside its bounds, named by its path."""

    path: str
    bounds: Bounds


BOUNDS: Final[dict[str, Bounds]] = {
    "password.min_length": Bounds(8, 64),
    "password.classes": Bounds(3, 4),
    "password.history": Bounds(1, 24),
    "password.max_age_days": Bounds(1, 365),
    "lockout.attempts": Bounds(3, 10),
    "lockout.minutes": Bounds(5, 24 * 60),
    "session.idle_minutes": Bounds(5, 4 * 60),
    "session.absolute_hours": Bounds(1, 24),
    "account.idle_days": Bounds(7, 90),
}


def breaches(policy: SecurityPolicy) -> tuple[Breach, ...]:
    """Name every number of a policy that leaves the platform's bounds."""
    found: list[Breach] = []
    for path, bounds in BOUNDS.items():
        part, _, name = path.partition(".")
        if not bounds.least <= getattr(getattr(policy, part), name) <= bounds.most:
            found.append(Breach(path, bounds))
    return tuple(found)


def owes_second_factor(role: Role, policy: SecurityPolicy, *, demo: bool = False) -> bool:
    """Say whether a role obliges its holders to a second factor: administrators always, outside the demo."""
    is_administrator = bool(role.permissions & (ADMINISTRATIVE | PLATFORM))
    return role.code in policy.totp_required_roles or (is_administrator and not demo)


class Weakness(StrEnum):
    """What is wrong with a password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW_CLASSES = "too_few_classes"
    HOLDS_EMPLOYEE_NO = "holds_employee_no"
    HOLDS_PHONE = "holds_phone"
    HOLDS_RUN = "holds_run"
    """Four of the same, or four in a row: `aaaa`, `1234`, `dcba`."""
    USED_BEFORE = "used_before"


LONGEST_PASSWORD: Final = 128
"""Characters. Hashing is dear, and a book is not a password."""
_RUN: Final = 4


def weaknesses(password: str, rules: PasswordRules, *, employee_no: str = "", phone: str = "") -> tuple[Weakness, ...]:
    """Name what is wrong with a password, as far as it shows without its history."""
    faults = {
        Weakness.TOO_SHORT: len(password) < rules.min_length,
        Weakness.TOO_LONG: len(password) > LONGEST_PASSWORD,
        Weakness.TOO_FEW_CLASSES: classes_of(password) < rules.classes,
        Weakness.HOLDS_EMPLOYEE_NO: len(employee_no) >= 3 and employee_no.lower() in password.lower(),
        Weakness.HOLDS_PHONE: bool(phone) and phone in password,
        Weakness.HOLDS_RUN: _holds_run(password),
    }
    return tuple(weakness for weakness, found in faults.items() if found)


def classes_of(password: str) -> int:
    """Count the classes of characters: small letters, capitals, digits, and everything else."""
    kinds = {
        "small" if char.islower() else "capital" if char.isupper() else "digit" if char.isdecimal() else "other"
        for char in password
    }
    return len(kinds)


def _holds_run(password: str) -> bool:
    codes = [ord(char) for char in password.lower()]
    for step in (0, 1, -1):
        length = 1
        for before, after in pairwise(codes):
            length = length + 1 if after - before == step else 1
            if length >= _RUN:
                return True
    return False


def is_password_due(changed_at: datetime, rules: PasswordRules, now: datetime) -> bool:
    """Say whether a password has grown too old."""
    return now - changed_at >= timedelta(days=rules.max_age_days)
