"""Debtors, numbers and addresses as callers see them: numbers masked, third parties without their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from anmi.casework.debtors.models import ADDRESS, CONTACT_NAME, ID_NUMBER, NAME, PHONE, Address, Debtor, Phone
from anmi.core.contact_rules.facts import Relation
from anmi.core.masking import mask_address, mask_id_number, mask_name, mask_phone
from anmi.core.number_state import NumberState
from anmi.core.phone_number import PhoneNumber
from anmi.kit.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DebtorView:
    """A person who owes. `name` is told in full to those who work her case, masked to others."""

    id: UUID
    name: str
    name_masked: str
    id_number_masked: str
    gender: str | None
    age: int | None
    province: str | None
    city: str | None


@dataclass(frozen=True, slots=True)
class PhoneView:
    """A number under which somebody may be reached; it is called by its id."""

    id: UUID
    kind: str
    relation: Relation
    relation_text: str | None
    number_masked: str
    name_masked: str | None
    source: str
    carrier: str | None
    province: str | None
    city: str | None
    state: NumberState
    state_source: str | None
    state_at: datetime | None
    is_right_party: bool | None
    asked_to_stop_at: datetime | None
    is_suppressed: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class AddressView:
    """Where a letter would go, down to the district."""

    id: UUID
    kind: str
    text_masked: str
    source: str


@dataclass(frozen=True, slots=True)
class SuppressedView:
    """A number that is never dialed again."""

    id: UUID
    number_masked: str
    reason: str
    at: datetime
    by: UUID | None


def debtor_view(unit: UnitOfWork, debtor: Debtor, today: date, *, in_full: bool) -> DebtorView:
    """Show a debtor; `in_full` opens the name, and nothing else."""
    name = unit.open(NAME, debtor.name_sealed)
    return DebtorView(
        id=debtor.id,
        name=name if in_full else mask_name(name),
        name_masked=mask_name(name),
        id_number_masked=mask_id_number(unit.open(ID_NUMBER, debtor.id_number_sealed)),
        gender=debtor.gender,
        age=age_on(debtor.born_on, today) if debtor.born_on else None,
        province=debtor.province,
        city=debtor.city,
    )


def phone_view(unit: UnitOfWork, phone: Phone, *, is_suppressed: bool) -> PhoneView:
    """Show a number, masked."""
    name = unit.open(CONTACT_NAME, phone.name_sealed) if phone.name_sealed is not None else None
    return PhoneView(
        id=phone.id,
        kind=phone.kind,
        relation=phone.relation,
        relation_text=phone.relation_text,
        number_masked=masked_number(unit.open(PHONE, phone.number_sealed)),
        name_masked=mask_name(name) if name else None,
        source=phone.source,
        carrier=phone.carrier,
        province=phone.province,
        city=phone.city,
        state=phone.state,
        state_source=phone.state_source,
        state_at=phone.state_at,
        is_right_party=phone.is_right_party,
        asked_to_stop_at=phone.asked_to_stop_at,
        is_suppressed=is_suppressed,
        created_at=phone.created_at,
    )


def address_views(unit: UnitOfWork, addresses: Sequence[Address]) -> list[AddressView]:
    """Show addresses, without street and door."""
    return [
        AddressView(each.id, each.kind, mask_address(unit.open(ADDRESS, each.text_sealed)), each.source)
        for each in addresses
    ]


def masked_number(text: str) -> str:
    """Mask a number as it was sealed, with its extension if it has one."""
    number = PhoneNumber.read(text)
    return mask_phone(number.digits if number else text)


def age_on(born_on: date, today: date) -> int:
    """Count full years."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
