"""API tokens as HTTP says them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from anmi.core.permissions import Permission, Scope
from anmi.identity.tokens.models import ApiToken
from anmi.identity.tokens.service import Issued
from anmi.kit.fields import Asked, Line


class TokenAsked(Asked):
    """A token to issue; it reaches from `unit_id`, the issuer's own unit by default."""

    name: Line
    permissions: Annotated[list[Permission], Field(min_length=1, max_length=200)]
    scope: Scope
    expires_on: Annotated[date | None, Field(description="The last day it is valid, in China")] = None
    unit_id: UUID | None = None


class TokenSeen(BaseModel):
    """A token, without what opens anything."""

    id: UUID
    name: str
    permissions: list[str]
    scope: Scope
    unit_id: UUID
    issued_by: UUID
    created_at: datetime
    expires_on: date | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: ApiToken) -> Self:
        """Show a token in a list."""
        return cls(
            id=row.id,
            name=row.name,
            permissions=row.permissions,
            scope=row.scope,
            unit_id=row.unit_id,
            issued_by=row.issued_by,
            created_at=row.issued_at,
            expires_on=row.expires_on,
            last_used_at=row.last_used_at,
        )


class TokenIssuedSeen(TokenSeen):
    """A fresh token, and the only sight of it."""

    token: str

    @classmethod
    def of_issued(cls, issued: Issued) -> Self:
        """Show it once."""
        return cls(token=issued.token, **TokenSeen.of(issued.row).model_dump())
