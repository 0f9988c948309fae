"""HTTP of API tokens."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.identity.tokens.schemas import TokenAsked, TokenIssuedSeen, TokenSeen
from anmi.identity.tokens.service import Tokens
from anmi.kit.paging import Page
from anmi.kit.web import Id, Unit, requires, room

router = room("/identity/tokens")


@router.get("", dependencies=[requires(Permission.TOKENS_READ)])
async def list_tokens(unit: Unit) -> Page[TokenSeen]:
    """Return the tokens in use."""
    found = await Tokens(unit).all()
    return Page(items=[TokenSeen.of(row) for row in found], total=len(found))


@router.post("", status_code=201, dependencies=[requires(Permission.TOKENS_WRITE)])
async def issue_token(unit: Unit, asked: TokenAsked) -> TokenIssuedSeen:
    """Issue a token; it is shown this once."""
    issued = await Tokens(unit).issue(asked.name, asked.permissions, asked.scope, asked.expires_on, asked.unit_id)
    return TokenIssuedSeen.of_issued(issued)


@router.delete("/{id}", status_code=204, dependencies=[requires(Permission.TOKENS_WRITE)])
async def revoke_token(unit: Unit, token_id: Id) -> None:
    """Revoke a token."""
    await Tokens(unit).revoke(token_id)
