"""Debtors and the numbers they are reached under.

Who may look at a debtor is a question of her cases, and asked in the rooms above; this room keeps what is written of
her. Every number has a lawful source, and one that is suppressed stays so whoever imports it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from anmi.casework.debtors import repository
from anmi.casework.debtors.events import NumberSuppressed, PhoneAdded
from anmi.casework.debtors.models import (
    ADDRESS,
    CONTACT_NAME,
    ID_NUMBER,
    PHONE,
    PHONE_TAIL,
    Debtor,
    Phone,
    SuppressedNumber,
)
from anmi.casework.debtors.views import (
    AddressView,
    DebtorView,
    PhoneView,
    SuppressedView,
    address_views,
    age_on,
    debtor_view,
    masked_number,
    phone_view,
)
from anmi.core.audit_actions import AuditAction
from anmi.core.contact_rules.facts import Relation
from anmi.core.masking import mask_digits, mask_phone
from anmi.core.number_state import NumberState
from anmi.core.person_name import is_person_name
from anmi.core.phone_number import PhoneNumber
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.kit.constraints import refused_as
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.paging import Ask
from anmi.kit.unit_of_work import UnitOfWork

__all__ = [
    "AddressView",
    "DebtorView",
    "Debtors",
    "PersonalField",
    "PhoneChanges",
    "PhoneView",
    "SuppressedView",
    "age_on",
    "debtor_view",
    "number_fields",
]


class NotANumber(Invalid):
    """What was given is not a Chinese telephone number."""

    code = "NOT_A_PHONE_NUMBER"
    zh, en = "请填写中国大陆手机号或带区号的固定电话", "Please give a Chinese mobile, or a landline with its area code"


class NotAContactName(Invalid):
    """What was given is not a person's name."""

    code = "NOT_A_CONTACT_NAME"
    zh, en = "联系人姓名格式不正确", "This is not a person's name"


class NumberKnown(Conflict):
    """The debtor has this number already."""

    code = "NUMBER_KNOWN"
    zh, en = "该号码已登记", "This number is already there"


class NumberIsSuppressed(Conflict):
    """The number is on the suppression list."""

    code = "NUMBER_SUPPRESSED"
    zh, en = "该号码在免打扰名单中", "This number is on the suppression list"


class PhoneChanges(TypedDict, total=False):
    """The fields an edit of a number touches."""

    state: NumberState
    is_right_party: bool | None
    relation: Relation
    relation_text: str | None
    name: str | None


class PersonalField(StrEnum):
    """What of a debtor is masked and can be revealed."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    CONTACT_NAME = "contact_name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class NumberFields:
    """A number as it is kept: sealed in full, found by its digits or its last four. An extension finds nothing."""

    number_sealed: bytes
    number_index: bytes
    tail_index: bytes


def number_fields(unit: UnitOfWork, number: PhoneNumber) -> NumberFields:
    """Seal and index a number."""
    return NumberFields(
        unit.seal(PHONE, str(number)), unit.index(PHONE, number.digits), unit.index(PHONE_TAIL, number.digits[-4:])
    )


class Debtors:
    """The debtors of one agency. Callers have made sure that the person may see this debtor's case."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def seen(self, debtor_id: UUID, today: date, *, in_full: bool) -> DebtorView:
        """Show a debtor; `in_full` opens the name."""
        return debtor_view(self._unit, await self.get(debtor_id), today, in_full=in_full)

    async def get(self, debtor_id: UUID) -> Debtor:
        """Return a debtor."""
        debtor = await self._unit.session.get(Debtor, debtor_id)
        if debtor is None:
            raise NotFound
        return debtor

    async def phones(self, debtor_id: UUID) -> list[PhoneView]:
        """Show a debtor's numbers, masked; her own come first."""
        rows = await repository.phones(self._unit.session, debtor_id)
        return [phone_view(self._unit, phone, is_suppressed=is_suppressed) for phone, is_suppressed in rows]

    async def phone(self, debtor_id: UUID, phone_id: UUID) -> Phone:
        """Return one number of a debtor, held until the transaction ends."""
        phone = await repository.phone(self._unit.session, debtor_id, phone_id)
        if phone is None:
            raise NotFound
        return phone

    async def addresses(self, debtor_id: UUID) -> list[AddressView]:
        """Show a debtor's addresses down to the district."""
        return address_views(self._unit, await repository.addresses(self._unit.session, debtor_id))

    async def add_phone(
        self,
        debtor_id: UUID,
        number: str,
        relation: Relation,
        source: ContactSource,
        name: str | None = None,
        relation_text: str | None = None,
        kind: str | None = None,
    ) -> PhoneView:
        """Write down a number and how it came to us lawfully (rule CONTACT_SOURCE)."""
        read = PhoneNumber.read(number)
        if read is None:
            raise NotANumber
        fields = number_fields(self._unit, read)
        phone = Phone(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            debtor_id=debtor_id,
            number_sealed=fields.number_sealed,
            number_index=fields.number_index,
            tail_index=fields.tail_index,
            kind=kind or ("mobile" if read.is_mobile else "home"),
            relation=relation,
            relation_text=relation_text,
            source=source,
            state=NumberState.UNKNOWN,
            added_by=self._unit.caller.person_id,
            created_at=self._unit.now,
        )
        self._write_name(phone, name)
        async with refused_as(self._unit.session, {"uq_phones_debtor_id_number_index": NumberKnown()}):
            self._unit.session.add(phone)
        self._unit.remember(
            AuditAction.PHONE_ADDED,
            ("phone", phone.id),
            debtor_id=debtor_id,
            number=mask_phone(read.digits),
            relation=relation,
            source=source,
        )
        self._unit.announce(PhoneAdded(debtor_id, phone.id))
        is_suppressed = await repository.is_suppressed(self._unit.session, fields.number_index)
        return phone_view(self._unit, phone, is_suppressed=is_suppressed)

    async def change_phone(self, debtor_id: UUID, phone_id: UUID, changes: PhoneChanges) -> PhoneView:
        """Change what is known of a number; where it came from is never rewritten."""
        phone = await self.phone(debtor_id, phone_id)
        if "state" in changes:
            self.observe(phone, changes["state"], "collector")
        if "is_right_party" in changes:
            phone.is_right_party = changes["is_right_party"]
        if "relation" in changes:
            phone.relation = changes["relation"]
        if "relation_text" in changes:
            phone.relation_text = changes["relation_text"]
        if "name" in changes:
            self._write_name(phone, changes["name"])
        self._unit.remember(
            AuditAction.PHONE_CHANGED,
            ("phone", phone_id),
            debtor_id=debtor_id,
            changes={name: value for name, value in changes.items() if name != "name"},
        )
        await self._unit.session.flush()
        is_suppressed = await repository.is_suppressed(self._unit.session, phone.number_index)
        return phone_view(self._unit, phone, is_suppressed=is_suppressed)

    def observe(self, phone: Phone, state: NumberState, source: str) -> None:
        """Write down the state of a number and who says so; a wrong party is not the debtor."""
        phone.state, phone.state_source, phone.state_at = state, source, self._unit.now
        if state is NumberState.WRONG_PARTY:
            phone.is_right_party = False

    async def hear(self, phone_id: UUID, state: NumberState, since: datetime) -> None:
        """Write down what a call has told of a number, unless a person has said something of it since."""
        await self._unit.flush()
        await repository.hear(self._unit.driver, phone_id, state, self._unit.now, since)

    def stop(self, phone: Phone) -> None:
        """Write down that somebody demanded not to be contacted again (rule THIRD_STOP); the demand stands."""
        if phone.asked_to_stop_at is None:
            phone.asked_to_stop_at = self._unit.now
            self._unit.remember(AuditAction.CONTACT_STOPPED, ("phone", phone.id), debtor_id=phone.debtor_id)

    async def suppress_phone(self, phone: Phone, reason: str) -> None:
        """Put a debtor's number on the suppression list."""
        await self._suppress(phone.number_sealed, phone.number_index, reason)

    async def suppress(self, number: str, reason: str) -> None:
        """Put any number on the suppression list; one that is there already is refused."""
        read = PhoneNumber.read(number)
        if read is None:
            raise NotANumber
        fields = number_fields(self._unit, read)
        if not await self._suppress(fields.number_sealed, fields.number_index, reason):
            raise NumberIsSuppressed

    async def suppressed(self, ask: Ask) -> tuple[list[SuppressedView], str | None]:
        """Show the suppression list, the newest first, and the cursor of the next page."""
        rows, following = await repository.suppressed_page(self._unit.session, ask)
        return [
            SuppressedView(row.id, masked_number(self._unit.open(PHONE, row.number_sealed)), row.reason, row.at, row.by)
            for row in rows
        ], following

    async def release(self, suppressed_id: UUID, reason: str) -> None:
        """Take a number off the suppression list."""
        sealed = await repository.take_off(self._unit.session, suppressed_id)
        if sealed is None:
            raise NotFound
        number = masked_number(self._unit.open(PHONE, sealed))
        self._unit.remember(
            AuditAction.NUMBER_RELEASED, ("suppressed_number", suppressed_id), number=number, reason=mask_digits(reason)
        )

    async def reveal(self, debtor_id: UUID, field: PersonalField, item_id: UUID | None) -> str:
        """Return a personal field as it is; the caller has checked the right and keeps the reason."""
        session = self._unit.session
        match field:
            case PersonalField.ID_NUMBER:
                return self._unit.open(ID_NUMBER, (await self.get(debtor_id)).id_number_sealed)
            case PersonalField.PHONE | PersonalField.CONTACT_NAME:
                if item_id is None:
                    raise NotFound
                phone = await self.phone(debtor_id, item_id)
                if field is PersonalField.PHONE:
                    return self._unit.open(PHONE, phone.number_sealed)
                if phone.name_sealed is None:
                    raise NotFound
                return self._unit.open(CONTACT_NAME, phone.name_sealed)
            case PersonalField.ADDRESS:
                if item_id is None or (address := await repository.address(session, debtor_id, item_id)) is None:
                    raise NotFound
                return self._unit.open(ADDRESS, address.text_sealed)

    async def _suppress(self, sealed: bytes, index: bytes, reason: str) -> bool:
        row = SuppressedNumber(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            number_sealed=sealed,
            number_index=index,
            reason=mask_digits(reason),
            at=self._unit.now,
            by=self._unit.caller.person_id,
        )
        is_new = await repository.suppress(self._unit.session, row)
        if is_new:
            self._unit.remember(AuditAction.NUMBER_SUPPRESSED, ("suppressed_number", row.id), reason=row.reason)
            self._unit.announce(NumberSuppressed(row.id))
        return is_new

    def _write_name(self, phone: Phone, name: str | None) -> None:
        if name is not None and not is_person_name(name):
            raise NotAContactName
        phone.name_sealed = self._unit.seal(CONTACT_NAME, name) if name else None
