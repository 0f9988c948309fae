"""Packs (批量打包): asked for with a reason, fetched under a signed address by whoever asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from anmi.core.audit_actions import AuditAction
from anmi.core.masking import mask_digits
from anmi.kit import signed_addresses
from anmi.kit.errors import Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.records.service import RecordFilter, Records
from anmi.workbench.packs import repository
from anmi.workbench.packs.models import Pack

MOST_CALLS: Final = 5000
LIFETIME: Final = timedelta(hours=1)
_USE: Final = "pack"


class PackEmpty(Invalid):
    """Nothing was recorded of these calls."""

    code = "PACK_EMPTY"
    zh, en = "所选通话没有可打包的录音", "None of these calls has a recording"


class PackTooLarge(Invalid):
    """More than one file should hold."""

    code = "PACK_TOO_LARGE"
    zh, en = "共 {calls} 通，一次最多打包 {most} 通，请缩小范围", "{calls} calls; one pack holds {most} at the most"


@dataclass(frozen=True, slots=True)
class PackHanded:
    """A pack and the address it is fetched under."""

    id: UUID
    calls: int
    url: str
    expires_at: datetime


class Packs:
    """The packs of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def ask(
        self, wanted: RecordFilter, kept: dict[str, Any], reason: str, path_of: Callable[[UUID], str]
    ) -> PackHanded:
        """Ask for the recordings of a filter; `kept` is the filter as it is written down."""
        calls = await Records(self._unit).count(wanted)
        if calls == 0:
            raise PackEmpty
        if calls > MOST_CALLS:
            raise PackTooLarge(calls=calls, most=MOST_CALLS)
        pack = Pack(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            wanted=kept,
            reason=mask_digits(reason),
            calls=calls,
            asked_at=self._unit.now,
            asked_by=self._unit.caller.actor_id,
            expires_at=self._unit.now + LIFETIME,
        )
        self._unit.session.add(pack)
        self._unit.remember(AuditAction.PACK_ASKED, ("pack", pack.id), calls=calls, filter=kept, reason=pack.reason)
        url = signed_addresses.signed(self._unit, path_of(pack.id), pack.id, pack.expires_at, _USE)
        return PackHanded(pack.id, calls, url, pack.expires_at)

    async def opened(self, pack_id: UUID, address: UUID | None, until: int | None, key: str | None) -> Pack:
        """Return the pack an address opens for the caller, and write down that it is fetched."""
        pack = await repository.pack(self._unit.session, pack_id)
        if pack is None or pack.asked_by != self._unit.caller.actor_id:
            raise NotFound
        if signed_addresses.check(self._unit, address, until, key, _USE) != pack_id:
            raise signed_addresses.AddressInvalid
        await repository.fetched(self._unit.session, pack_id, self._unit.now)
        self._unit.remember(AuditAction.PACK_FETCHED, ("pack", pack_id), calls=pack.calls, reason=pack.reason)
        return pack
