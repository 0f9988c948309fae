"""Coming in and going out, as HTTP says it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from anmi.core.permissions import FieldRight, Permission, Scope
from anmi.core.sign_in import Step
from anmi.identity.sessions.models import Session
from anmi.identity.sessions.second_factor import Proof
from anmi.identity.sessions.service import SessionView
from anmi.identity.sessions.sign_in import Claim, LoginBy
from anmi.kit.fields import Asked, Seen

_NO_NUL = r"^[^\x00]*$"

AgencyCode = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_NO_NUL)]
Login = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=_NO_NUL)]
# Longer ones are refused by the policy, by name; this only keeps books out.
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$")]
RecoveryCodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=20)]

Locale = Literal["zh-CN", "en-US"]
Theme = Literal["auto", "light", "dark"]


class SignInAsked(Asked):
    """Who somebody says she is, and her password."""

    tenant_code: AgencyCode
    login_by: LoginBy
    login: Login
    password: Password

    def claim(self) -> Claim:
        """Return it as a value."""
        return Claim(self.tenant_code, self.login_by, self.login, self.password)


class ProofAsked(Asked):
    """A code from the phone, or a recovery code."""

    code: Code | None = None
    recovery_code: RecoveryCodeText | None = None

    def proof(self) -> Proof:
        """Return it as a value."""
        return Proof(self.code, self.recovery_code)


class OneProofAsked(ProofAsked):
    """Exactly one of the two."""

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.code is None) == (self.recovery_code is None):
            raise ValueError("code or recovery_code")
        return self


class CodeAsked(Asked):
    """A code from the phone."""

    code: Code


class PasswordAsked(Asked):
    """The password that is, and the one that shall be."""

    current_password: Password
    new_password: Password


class ProfileAsked(Asked):
    """How somebody likes her desk; what is left out stays."""

    locale: Locale | None = None
    theme: Theme | None = None


class AgencySeen(Seen):
    """An agency, to those who stand at its door."""

    code: str
    name: str


class TenantSeen(AgencySeen):
    """The agency somebody works for."""

    id: UUID


class UnitSeen(Seen):
    """A unit of the tree."""

    id: UUID
    name: str


class RoleSeen(BaseModel):
    """A role, by its words."""

    code: str
    name_zh: str
    name_en: str


class PasswordPolicySeen(Seen):
    """What a new password must be, so that a page can say so while somebody types."""

    min_length: int
    classes: int
    history: int
    max_age_days: int


class OwnerSeen(BaseModel):
    """Whose session it is."""

    id: UUID
    employee_no: str
    name: str
    phone_masked: str
    locale: Locale
    theme: Theme
    unit: UnitSeen
    roles: list[RoleSeen]
    totp_enrolled: bool


class SessionSeen(BaseModel):
    """The session a page runs in."""

    id: UUID
    step: Step
    csrf_token: Annotated[str, Field(description="Sent as X-CSRF-Token with every request that changes something")]
    expires_at: datetime
    idle_seconds: int
    person: OwnerSeen
    tenant: TenantSeen
    permissions: dict[Permission, Scope]
    field_rights: list[FieldRight]
    password_policy: PasswordPolicySeen

    @classmethod
    def of(cls, view: SessionView) -> Self:
        """Show a session to its owner."""
        person = view.person
        return cls.model_validate(
            {
                "id": view.session.id,
                "step": view.session.step,
                "csrf_token": view.csrf_token,
                "expires_at": view.session.expires_at,
                "idle_seconds": view.idle_seconds,
                "person": {
                    "id": person.id,
                    "employee_no": person.employee_no,
                    "name": view.name,
                    "phone_masked": view.phone_masked,
                    "locale": person.locale,
                    "theme": person.theme,
                    "unit": UnitSeen.model_validate(view.unit),
                    "roles": [
                        {"code": role.code, "name_zh": role.words.zh, "name_en": role.words.en} for role in view.roles
                    ],
                    "totp_enrolled": person.totp_enrolled_at is not None,
                },
                "tenant": TenantSeen.model_validate(view.tenant),
                "permissions": view.permissions,
                "field_rights": view.field_rights,
                "password_policy": PasswordPolicySeen.model_validate(view.password_rules),
            }
        )


class EnrolmentSeen(Seen):
    """What a phone needs to be enrolled; shown once."""

    secret: str
    uri: str
    qr_svg: str


class EnrolledSeen(BaseModel):
    """The recovery codes, shown once."""

    recovery_codes: list[str]
    session: SessionSeen


class OpenSessionSeen(BaseModel):
    """One of somebody's open sessions."""

    id: UUID
    current: bool
    created_at: datetime
    last_seen_at: datetime
    ip: str
    device: str

    @classmethod
    def of(cls, session: Session, current_id: UUID | None) -> Self:
        """Show a session in a list."""
        return cls(
            id=session.id,
            current=session.id == current_id,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            ip=session.ip,
            device=session.device,
        )
