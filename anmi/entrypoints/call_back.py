"""A debtor of the rehearsal calls back: whoever was called last, or whom one names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.instance import APP, USER, Kind
from anmi.adapters.asterisk.places import Places
from anmi.adapters.rehearsal.carrier import call_in
from anmi.casework.debtors.models import Phone
from anmi.core.call_views import Direction
from anmi.core.masking import mask_phone
from anmi.core.phone_number import PhoneNumber
from anmi.entrypoints.rehearsal import carrier_folder
from anmi.entrypoints.wiring import open_house
from anmi.identity.tenants.service import every_tenant
from anmi.kit.caller import the_system
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.caller_ids.models import CallerId
from anmi.telephony.calls.models import Call
from anmi.telephony.trunks.models import Trunk
from anmi.workbench.calling.service import number_of

NO_NETWORK: Final = "There is no rehearsal network here: run `anmi demo` where Asterisk can be had."


class CannotCallBack(Exception):
    """Nobody can call back; the message says why."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and which of our numbers."""

    digits: str = field(repr=False)
    called: str

    @property
    def masked(self) -> str:
        """The number as it may be shown."""
        return mask_phone(self.digits)


async def call_back(settings: Settings, number: str | None) -> Caller:
    """Let the debtor who was called last call back, or the one under a number; return who calls."""
    read = PhoneNumber.read(number) if number is not None else None
    if number is not None and read is None:
        raise CannotCallBack(f"{number} is no number that somebody could call from.")
    try:
        network = Places.read(carrier_folder(settings))
        switch = Places.read(settings.data_dir / "asterisk" / Kind.PBX)
    except FileNotFoundError:
        raise CannotCallBack(NO_NETWORK) from None
    caller = await _stranger(settings, read) if read is not None else await _last_called(settings)
    async with Ari(network.ari_url, USER, network.ari_secret, APP) as ari:
        await call_in(ari, caller.digits, caller.called, switch.sip_address)
    return caller


async def _stranger(settings: Settings, number: PhoneNumber) -> Caller:
    query = select(CallerId.number).join(Trunk, Trunk.id == CallerId.trunk_id).where(Trunk.is_rehearsal).limit(1)
    async with open_house(settings) as house:
        for tenant in await every_tenant(house.units):
            async with house.units.begin(the_system(tenant.id)) as unit:
                if called := await unit.session.scalar(query):
                    return Caller(number.digits, called)
    raise CannotCallBack("No agency has a number on a rehearsal line.")


async def _last_called(settings: Settings) -> Caller:
    found: list[tuple[Call, Caller]] = []
    async with open_house(settings) as house:
        for tenant in await every_tenant(house.units):
            async with house.units.begin(the_system(tenant.id)) as unit:
                if last := await _last_of(unit):
                    found.append(last)
    if not found:
        raise CannotCallBack("Nobody has been called over a rehearsal line yet. Name the number that is to call.")
    return max(found, key=lambda one: one[0].asked_at)[1]


async def _last_of(unit: UnitOfWork) -> tuple[Call, Caller] | None:
    query = (
        select(Call, CallerId.number, Phone)
        .join(Trunk, Trunk.id == Call.trunk_id)
        .join(CallerId, CallerId.id == Call.caller_id_id)
        .join(Phone, Phone.id == Call.point_id)
        .where(Trunk.is_rehearsal, Call.direction == Direction.OUTBOUND, Call.dialled_at.is_not(None))
        .order_by(Call.asked_at.desc())
        .limit(1)
    )
    row = (await unit.session.execute(query)).one_or_none()
    return (row[0], Caller(number_of(unit, row[2]).digits, row[1])) if row else None
