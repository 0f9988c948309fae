"""The security policy as HTTP says it."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from anmi.core.security_policy import AccountRules, LockoutRules, PasswordRules, SecurityPolicy, SessionRules
from anmi.kit.fields import Asked, Seen

# The bounds are the core's (`anmi.core.security_policy.BOUNDS`); here a number only has to be one.
Count = Annotated[int, Field(ge=0, le=100_000)]
RoleCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class PasswordRulesAsked(Asked):
    """What passwords must be."""

    min_length: Count
    classes: Count
    history: Count
    max_age_days: Count


class LockoutRulesAsked(Asked):
    """When an account locks."""

    attempts: Count
    minutes: Count


class SessionRulesAsked(Asked):
    """How long a session lasts."""

    idle_minutes: Count
    absolute_hours: Count
    single: bool


class AccountRulesAsked(Asked):
    """When an account that nobody uses is disabled."""

    idle_days: Count = AccountRules().idle_days


class PolicyAsked(Asked):
    """A policy to set, and the version it replaces."""

    version: Annotated[int, Field(ge=0)]
    password: PasswordRulesAsked
    lockout: LockoutRulesAsked
    session: SessionRulesAsked
    account: AccountRulesAsked = AccountRulesAsked()
    totp_required_roles: Annotated[list[RoleCode], Field(max_length=200)]

    def policy(self) -> SecurityPolicy:
        """Return what is asked for as a value."""
        return SecurityPolicy(
            PasswordRules(**self.password.model_dump()),
            LockoutRules(**self.lockout.model_dump()),
            SessionRules(**self.session.model_dump()),
            AccountRules(**self.account.model_dump()),
            frozenset(self.totp_required_roles),
        )


class PasswordRulesSeen(Seen):
    """What passwords must be; a form can check all of it but the history while somebody types."""

    min_length: int
    classes: int
    history: int
    max_age_days: int


class LockoutRulesSeen(Seen):
    """When an account locks."""

    attempts: int
    minutes: int


class SessionRulesSeen(Seen):
    """How long a session lasts."""

    idle_minutes: int
    absolute_hours: int
    single: bool


class AccountRulesSeen(Seen):
    """When an account that nobody uses is disabled."""

    idle_days: int


class PolicySeen(Seen):
    """The policy in force."""

    version: int
    password: PasswordRulesSeen
    lockout: LockoutRulesSeen
    session: SessionRulesSeen
    account: AccountRulesSeen
    totp_required_roles: list[str]

    @classmethod
    def of(cls, policy: SecurityPolicy, version: int) -> Self:
        """Show a policy."""
        return cls(
            version=version,
            password=PasswordRulesSeen.model_validate(policy.password),
            lockout=LockoutRulesSeen.model_validate(policy.lockout),
            session=SessionRulesSeen.model_validate(policy.session),
            account=AccountRulesSeen.model_validate(policy.account),
            totp_required_roles=sorted(policy.totp_required_roles),
        )
