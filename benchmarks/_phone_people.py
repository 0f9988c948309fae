"""Who is on a phone floor that is measured: agents at registered SIP phones, a line with numbers, debtors to call."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select

from anmi.adapters.asterisk.ari import Ari
from anmi.adapters.asterisk.places import Places
from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import PHONE, Debtor, Phone
from anmi.casework.placements.models import Placement
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.entrypoints.wiring import House
from anmi.identity.people.models import Person
from anmi.kit.caller import Caller, the_system
from anmi.kit.ids import new_id
from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.agents.service import Agents
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.trunks.service import Trunks, switch_name
from tests.builders.cases import a_placement
from tests.builders.people import Agency, as_caller
from tests.builders.sessions import somebody_with_a_password

_CALLER_IDS: Final = 20
_ROWS_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Target:
    """A case and a number of it that may be called once."""

    case_id: UUID
    phone_id: UUID
    digits: str


async def a_line(house: House, agency: Agency, network: Places) -> str:
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        trunk = await Trunks(unit).add(
            {
                "name": "演练线路",
                "carrier": "演练运营商",
                "licence": "演练",
                "host": network.sip_address,
                "transport": "udp",
                "codecs": ["alaw"],
                "registers": False,
                "capacity": 2000,
                "rank": 0,
                "reasons": {},
                "is_rehearsal": True,
            }
        )
        for number in range(_CALLER_IDS):
            await CallerIds(unit).add(
                {
                    "number": f"9500{number:04d}",
                    "city": None,
                    "province": None,
                    "trunk_id": trunk.id,
                    "unit_id": None,
                    "licence": "演练，号码均为虚构",
                    "leased_until": None,
                    "daily_ceiling": 100_000,
                    "cool_down_seconds": 0,
                    "complaint_ceiling": 3,
                }
            )
        return switch_name(trunk.id)


def employee_no(number: int) -> str:
    """Return what an agent logs in by."""
    return f"B{number:04d}"


async def a_seat(house: House, agency: Agency, number: int) -> Caller:
    """Give a collector with her training an extension."""
    person_id = await somebody_with_a_password(house.units, agency, "collector", employee_no=employee_no(number))
    async with house.units.begin(the_system(agency.tenant_id)) as unit:
        person = await unit.session.get_one(Person, person_id)
        person.training_valid_until = date(2099, 1, 1)
        unit.session.add(
            Agent(
                id=new_id(),
                tenant_id=agency.tenant_id,
                person_id=person_id,
                unit_id=agency.root_id,
                extension=str(8000 + number),
                phone_kind=PhoneKind.SIP,
                phone=f"p{new_id().hex[-12:]}",
                since=unit.now,
                version=1,
            )
        )
    return await as_caller(house.units, agency, person_id)


async def registered(
    house: House, agency: Agency, agents: Sequence[Caller], network: Ari, pbx: Places, engine_id: UUID
) -> list[str]:
    """Let every agent log her phone in, and wait until the engine has seen them all."""
    phones: list[str] = []
    for agent in agents:
        async with house.units.begin(agent) as unit:
            lease = await Agents(unit).lease(PhoneKind.SIP)
        phones.append(lease.phone)
        await asyncio.sleep(0.02)
        for kind, fields in _phone(lease.phone, lease.secret, pbx).items():
            told = [{"attribute": name, "value": value} for name, value in fields.items()]
            await network.put(f"asterisk/config/dynamic/res_pjsip/{kind}/{lease.phone}", {"fields": told})
    async with asyncio.timeout(300):
        while True:
            async with house.units.begin(the_system(agency.tenant_id)) as unit:
                query = select(func.count()).select_from(Agent).where(Agent.is_there, Agent.engine_id == engine_id)
                if await unit.session.scalar(query) == len(agents):
                    return phones
            await asyncio.sleep(0.2)


def _phone(name: str, secret: str, pbx: Places) -> dict[str, dict[str, str]]:
    return {
        "auth": {"auth_type": "digest", "username": name, "password": secret},
        "registration": {
            "transport": "udp",
            "server_uri": f"sip:{pbx.sip_address}",
            "client_uri": f"sip:{name}@{pbx.sip_host}",
            "contact_user": name,
            "outbound_auth": name,
            "max_random_initial_delay": "0",
            "retry_interval": "1",
            "auth_rejection_permanent": "no",
            "forbidden_retry_interval": "1",
            "max_retries": "100",
            "expiration": "3600",
        },
    }


async def some_targets(house: House, agency: Agency, agents: Sequence[Caller], wanted: int) -> list[Target]:
    """Make debtors of one case and one number each, held by the agents in turn."""
    today = house.units.clock().date()
    placement = await a_placement(house.units, agency, placed_on=today, due_back_on=today + timedelta(days=90))
    holders = itertools.cycle(agents)
    made: list[Target] = []
    for start in range(0, wanted, _ROWS_AT_ONCE):
        numbers = range(start, min(start + _ROWS_AT_ONCE, wanted))
        async with house.units.begin(the_system(agency.tenant_id)) as unit:
            rows = [_target(house, placement, next(holders), number) for number in numbers]
            for table in (Debtor, Phone, Case):
                await unit.session.execute(insert(table), [row[table] for row in rows])
        made += [Target(row[Case]["id"], row[Phone]["id"], f"137{n:08d}") for row, n in zip(rows, numbers, strict=True)]
    return made


def _target(house: House, placement: Placement, holder: Caller, number: int) -> dict[Any, dict[str, Any]]:
    tenant_id, keyring, now = placement.tenant_id, house.keyring, house.units.clock()
    debtor_id, digits = new_id(), f"137{number:08d}"
    common = {"tenant_id": tenant_id, "created_at": now}
    debtor = {
        "id": debtor_id,
        "name_sealed": keyring.seal(tenant_id, "debtor.name", "演示"),
        "name_index": b"",
        "id_number_sealed": b"",
        "id_number_index": number.to_bytes(8),
        "id_tail_index": b"",
        "province": "浙江",
        "city": "杭州",
    }
    phone = {
        "id": new_id(),
        "debtor_id": debtor_id,
        "number_sealed": keyring.seal(tenant_id, PHONE, digits),
        "number_index": keyring.index(tenant_id, PHONE, digits),
        "tail_index": b"",
        "kind": "mobile",
        "relation": Relation.DEBTOR,
        "source": "contract",
        "state": NumberState.ACTIVE,
    }
    case = {
        "id": new_id(),
        "placement_id": placement.id,
        "creditor_id": placement.creditor_id,
        "product_id": placement.product_id,
        "debtor_id": debtor_id,
        "serial_no": f"S{number:08d}",
        "placed_on": placement.placed_on,
        "due_back_on": placement.due_back_on,
        "placed_fen": 320_000,
        "owing_fen": 320_000,
        "paid_fen": 0,
        "waived_fen": 0,
        "overdue_on": placement.placed_on - timedelta(days=40),
        "bucket": "M2",
        "state": State.IN_COLLECTION,
        "priority": 0,
        "holder_id": holder.person_id,
        "unit_id": holder.unit_id,
        "version": 1,
    }
    return {Debtor: debtor | common, Phone: phone | common, Case: case | common}
