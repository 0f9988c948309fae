"""Signed addresses: a link that opens one thing, for one person, for a while, and that nobody else can make."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from anmi.kit.errors import Forbidden
from anmi.kit.unit_of_work import UnitOfWork

_PURPOSE: Final = "address"


class AddressInvalid(Forbidden):
    """The address was not made by us, or not for this."""

    code = "ADDRESS_INVALID"
    zh, en = "链接无效，请重新获取", "This link is not valid; please ask for a new one"


class AddressExpired(Forbidden):
    """The address has had its time."""

    code = "ADDRESS_EXPIRED"
    zh, en = "链接已过期，请重新获取", "This link has expired; please ask for a new one"


def signed(unit: UnitOfWork, path: str, address_id: UUID, expires_at: datetime, *bound: str) -> str:
    """Return an address of `path` for the caller; `bound` says what it is good for."""
    until = int(expires_at.timestamp())
    key = unit.keyring.sign(unit.tenant_id, _message(unit, address_id, until, bound), _PURPOSE)
    return f"{path}?{urlencode({'address': address_id, 'until': until, 'key': _text(key)})}"


def check(unit: UnitOfWork, address_id: UUID | None, until: int | None, key: str | None, *bound: str) -> UUID:
    """Return the address's id; raise AddressInvalid or AddressExpired where it opens nothing for the caller."""
    if address_id is None or until is None or key is None:
        raise AddressInvalid
    if not unit.keyring.has_signed(unit.tenant_id, _message(unit, address_id, until, bound), _digest(key), _PURPOSE):
        raise AddressInvalid
    if datetime.fromtimestamp(until, UTC) <= unit.now:
        raise AddressExpired
    return address_id


def _message(unit: UnitOfWork, address_id: UUID, until: int, bound: tuple[str, ...]) -> bytes:
    return "\0".join((str(address_id), str(unit.caller.person_id), str(until), *bound)).encode()


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def _digest(key: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except (binascii.Error, ValueError):
        raise AddressInvalid from None
