"""Cases for tests: creditors, products, placements, debtors with numbers, and what they owe.

They are written straight into the tables and returned as they were written; all persons and numbers are made up.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from anmi.casework.cases.models import ACCOUNT_NO, Account, Case
from anmi.casework.creditors.models import Creditor, Product
from anmi.casework.debtors.models import CONTACT_NAME, ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL, Debtor, Phone
from anmi.casework.placements.models import Placement, PlacementState
from anmi.casework.tables import default_bucket_rows
from anmi.core.calendar import in_china
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import Relation
from anmi.core.delinquency import read_buckets
from anmi.core.identity_number import check_character
from anmi.core.money import Money
from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.kit.caller import the_system
from anmi.kit.db import Base
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import Units
from tests.builders.people import Agency

_NUMBERS = itertools.count(1)

Row = TypeVar("Row", bound=Base)

STAGES: list[dict[str, Any]] = [
    {"code": "early", "zh": "前期", "en": "Early", "from_dpd": 0, "next": ["middle"]},
    {"code": "middle", "zh": "中期", "en": "Middle", "from_dpd": 61, "next": ["late"]},
    {"code": "late", "zh": "后期", "en": "Late", "from_dpd": 121, "next": []},
]


async def a_creditor(
    units: Units, agency: Agency, code: str | None = None, name: str = "演示银行", kind: str = "bank"
) -> Creditor:
    """Make a creditor."""
    creditor = Creditor(
        id=new_id(), tenant_id=agency.tenant_id, code=code or f"C{next(_NUMBERS):04d}", name=name, kind=kind, version=1
    )
    return await _kept(units, agency, creditor)


async def a_product(
    units: Units,
    agency: Agency,
    creditor: Creditor | None = None,
    code: str | None = None,
    name: str = "信用卡",
    buckets: list[dict[str, Any]] | None = None,
    stages: list[dict[str, Any]] | None = None,
) -> Product:
    """Make a product with the usual buckets and three stages."""
    creditor = creditor or await a_creditor(units, agency)
    product = Product(
        id=new_id(),
        tenant_id=agency.tenant_id,
        creditor_id=creditor.id,
        code=code or f"P{next(_NUMBERS):04d}",
        name=name,
        buckets=default_bucket_rows() if buckets is None else buckets,
        stages=STAGES if stages is None else stages,
        version=1,
    )
    return await _kept(units, agency, product)


async def a_placement(
    units: Units,
    agency: Agency,
    product: Product | None = None,
    code: str | None = None,
    tier: int = 1,
    placed_on: date = date(2026, 3, 1),
    due_back_on: date | None = date(2026, 6, 1),
    state: PlacementState = PlacementState.ACTIVE,
) -> Placement:
    """Make a batch of no cases yet."""
    product = product or await a_product(units, agency)
    placement = Placement(
        id=new_id(),
        tenant_id=agency.tenant_id,
        code=code or f"B{next(_NUMBERS):04d}",
        creditor_id=product.creditor_id,
        product_id=product.id,
        tier=tier,
        placed_on=placed_on,
        due_back_on=due_back_on,
        state=state,
        created_at=units.clock(),
        version=1,
    )
    return await _kept(units, agency, placement)


async def a_debtor(
    units: Units,
    agency: Agency,
    name: str = "张晓明",
    id_number: str | None = None,
    province: str | None = "浙江",
    city: str | None = "杭州",
) -> Debtor:
    """Make a debtor; without an id number she is a new person of 1990."""
    id_number = id_number or an_id_number()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        debtor = Debtor(
            id=new_id(),
            tenant_id=agency.tenant_id,
            name_sealed=unit.seal(NAME, name),
            name_index=unit.index(NAME, name),
            id_number_sealed=unit.seal(ID_NUMBER, id_number),
            id_number_index=unit.index(ID_NUMBER, id_number),
            id_tail_index=unit.index(ID_TAIL, id_number[-4:]),
            born_on=date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14])),
            gender="male" if int(id_number[16]) % 2 else "female",
            province=province,
            city=city,
            created_at=unit.now,
        )
        unit.session.add(debtor)
    return debtor


async def a_phone(
    units: Units,
    agency: Agency,
    debtor: Debtor | UUID,
    number: str | None = None,
    relation: Relation = Relation.DEBTOR,
    name: str | None = None,
    source: str = "contract",
    state: NumberState = NumberState.ACTIVE,
    kind: str = "mobile",
    **facts: Any,
) -> Phone:
    """Give a debtor a number."""
    read = PhoneNumber.read(number or f"137{next(_NUMBERS):08d}")
    assert read is not None
    async with units.begin(the_system(agency.tenant_id)) as unit:
        phone = Phone(
            id=new_id(),
            tenant_id=agency.tenant_id,
            debtor_id=debtor if isinstance(debtor, UUID) else debtor.id,
            number_sealed=unit.seal(PHONE, str(read)),
            number_index=unit.index(PHONE, read.digits),
            tail_index=unit.index(PHONE_TAIL, read.digits[-4:]),
            kind=kind,
            relation=relation,
            name_sealed=unit.seal(CONTACT_NAME, name) if name else None,
            source=source,
            state=state,
            created_at=unit.now,
            **facts,
        )
        unit.session.add(phone)
    return phone


async def a_case(
    units: Units,
    agency: Agency,
    bucket: str = "M2",
    owing: str = "3200.00",
    holder: UUID | None = None,
    unit_id: UUID | None = None,
    state: State | None = None,
    placement: Placement | None = None,
    debtor: Debtor | None = None,
    serial_no: str | None = None,
    account_no: str | None = None,
    contract_no: str | None = None,
    **facts: Any,
) -> Case:
    """Make a case of one account that owes nothing but principal: in collection where somebody holds it, else pooled.

    `bucket` is the case's at placement and now; `facts` go to the row as they are.
    """
    placement = placement or await a_placement(units, agency)
    debtor = debtor or await a_debtor(units, agency)
    owing_fen, number = Money.of(owing).fen, next(_NUMBERS)
    account_no = account_no or f"62220000{number:08d}"
    async with units.begin(the_system(agency.tenant_id)) as unit:
        product = await unit.session.get_one(Product, placement.product_id)
        row = next(row for row in read_buckets(product.buckets).rows if row.code == bucket)
        days = row.min_dpd + 4 if row.max_dpd is None or row.max_dpd >= row.min_dpd + 4 else row.min_dpd
        case = Case(
            **{
                "id": new_id(),
                "tenant_id": agency.tenant_id,
                "placement_id": placement.id,
                "creditor_id": placement.creditor_id,
                "product_id": placement.product_id,
                "debtor_id": debtor.id,
                "serial_no": serial_no or f"S{number:06d}",
                "placed_on": placement.placed_on,
                "due_back_on": placement.due_back_on,
                "placed_fen": owing_fen,
                "owing_fen": owing_fen,
                "overdue_on": in_china(unit.now).date() - timedelta(days=days),
                "bucket": bucket,
                "state": state or (State.IN_COLLECTION if holder else State.AWAITING_ALLOCATION),
                "holder_id": holder,
                "unit_id": unit_id or (agency.root_id if holder else None),
                "created_at": unit.now,
                "version": 1,
            }
            | facts
        )
        unit.session.add(case)
        await unit.session.flush()
        unit.session.add(
            Account(
                id=new_id(),
                tenant_id=agency.tenant_id,
                case_id=case.id,
                number_sealed=unit.seal(ACCOUNT_NO, account_no),
                number_index=unit.index(ACCOUNT_NO, account_no),
                number_tail=account_no[-4:],
                contract_no=contract_no,
                principal_fen=owing_fen,
                version=1,
            )
        )
    return case


def an_id_number(born_on: date = date(1990, 5, 17), area: str = "330106") -> str:
    """Make an id number that is right in itself and nobody's: each one is another."""
    days, number = divmod(next(_NUMBERS), 1000)
    body = f"{area}{born_on + timedelta(days=days):%Y%m%d}{number:03d}"
    return body + check_character(body)


async def _kept(units: Units, agency: Agency, row: Row) -> Row:
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(row)
    return row
