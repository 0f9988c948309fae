"""Agencies as the operator of the platform sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from anmi.identity.tenants.models import TenantState
from anmi.identity.tenants.service import FirstAdministrators, FirstPerson
from anmi.kit.fields import Asked, EmployeeNumber, Line, Seen

# It is typed at the door and stands in the host name.
TenantCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$")]


class TenantSeen(Seen):
    """An agency."""

    id: UUID
    code: str
    name: str
    state: TenantState
    created_at: datetime
    version: int


class PersonToAppoint(Asked):
    """Somebody who is there from the beginning."""

    employee_no: EmployeeNumber
    name: Line
    phone: Line

    def first(self) -> FirstPerson:
        """Return her in the service's words."""
        return FirstPerson(self.employee_no, self.name, self.phone)


class TenantToCreate(Asked):
    """An agency to be, with the three administrators who exclude each other."""

    code: TenantCode
    name: Line
    system_administrator: PersonToAppoint
    security_administrator: PersonToAppoint
    auditor: PersonToAppoint

    def administrators(self) -> FirstAdministrators:
        """Return the three in the service's words."""
        return FirstAdministrators(
            self.system_administrator.first(), self.security_administrator.first(), self.auditor.first()
        )


class InitialPasswordSeen(Seen):
    """What an administrator comes in with the first time; nobody will be shown it again."""

    role: str
    employee_no: str
    initial_password: str


class TenantCreatedSeen(Seen):
    """A new agency and the passwords of its administrators."""

    tenant: TenantSeen
    initial_passwords: list[InitialPasswordSeen]
