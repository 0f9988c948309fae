"""The demo's phone floor: an extension for everybody who calls, a line to the rehearsal's network, numbers to show.

The line leads to invented debtors on this machine and nowhere else. The numbers are nobody's: behind an area code no
number begins with a 0, and those of the whole country stand for themselves.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import select

from anmi.entrypoints.rehearsal import trunk_address
from anmi.identity.people.models import Person, PersonGrant
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import UnitOfWork
from anmi.telephony.agents.models import Agent, PhoneKind
from anmi.telephony.agents.service import Agents
from anmi.telephony.caller_ids.service import CallerIds
from anmi.telephony.trunks.models import Trunk
from anmi.telephony.trunks.service import Trunks

FIRST_EXTENSION: Final = 8001
CALLING: Final = ("collector", "supervisor")
NOWHERE: Final = "127.0.0.1:5060"
"""Where the line leads when there is no network to rehearse with: nobody dials over it then."""
AREAS: Final = {
    "010": "北京",
    "021": "上海",
    "020": "广州",
    "0755": "深圳",
    "0571": "杭州",
    "025": "南京",
    "028": "成都",
    "023": "重庆",
    "027": "武汉",
    "029": "西安",
    "0371": "郑州",
    "0731": "长沙",
}
WHOLE_COUNTRY: Final = ("95000001", "95000002")


async def seed_phone_floor(unit: UnitOfWork, settings: Settings) -> None:
    """Make what calls need where it is missing, and let the line lead to where the network is now."""
    await _agents(unit)
    address = _address(settings)
    trunk = (await unit.session.scalars(select(Trunk).where(Trunk.is_rehearsal))).first()
    if trunk is None:
        trunk = await Trunks(unit).add(
            {
                "name": "演练线路",
                "carrier": "演练运营商（演示）",
                "licence": "演示，不接入真实网络",
                "host": address,
                "transport": "udp",
                "codecs": ["alaw", "ulaw"],
                "registers": False,
                "capacity": 200,
                "rank": 0,
                "reasons": {},
                "is_rehearsal": True,
            }
        )
        await _numbers(unit, trunk.id)
    elif trunk.host != address:
        await Trunks(unit).change(trunk.id, trunk.version, {"host": address})


async def _agents(unit: UnitOfWork) -> None:
    query = (
        select(Person.id)
        .join(PersonGrant, PersonGrant.person_id == Person.id)
        .outerjoin(Agent, Agent.person_id == Person.id)
        .where(PersonGrant.role.in_(CALLING), Agent.id.is_(None))
        .order_by(Person.employee_no)
    )
    known = len((await unit.session.scalars(select(Agent.id))).all())
    for number, person_id in enumerate((await unit.session.scalars(query)).all(), FIRST_EXTENSION + known):
        await Agents(unit).add(person_id, str(number), PhoneKind.BROWSER, None)


async def _numbers(unit: UnitOfWork, trunk_id: UUID) -> None:
    local = [(f"{area}00000001", city) for area, city in AREAS.items()]
    for number, city in [*local, *((number, None) for number in WHOLE_COUNTRY)]:
        await CallerIds(unit).add(
            {
                "number": number,
                "city": city,
                "province": None,
                "trunk_id": trunk_id,
                "unit_id": None,
                "licence": "演示号码，均为虚构",
                "leased_until": None,
                "daily_ceiling": 500,
                "cool_down_seconds": 0,
                "complaint_ceiling": 3,
            }
        )


def _address(settings: Settings) -> str:
    try:
        return trunk_address(settings)
    except FileNotFoundError:
        return NOWHERE
