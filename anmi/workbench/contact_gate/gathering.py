"""What a decision stands on: rows become facts the rule book can judge, and the rule pack of this creditor."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.service import sees
from anmi.casework.debtors.models import CONTACT_NAME
from anmi.casework.tables import contact_rule_pack, holiday_calendar
from anmi.core.calendar import in_china, start_of
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import (
    Channel,
    ContactPoint,
    Effect,
    Facts,
    Hold,
    HoldReason,
    Outcome,
    Party,
    PastContact,
    PlacementState,
    Relation,
    SpecialFlag,
)
from anmi.core.contact_rules.pack_reader import read_rows
from anmi.core.contact_rules.rule_pack import Layer, RefusedOverrides, RulePack, RuleRow, tighten
from anmi.core.number_state import NumberState
from anmi.core.permissions import Permission
from anmi.kit.errors import NotFound
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.contact_gate import repository
from anmi.workbench.contact_gate.repository import Gathering

HISTORY_FOR: Final = timedelta(days=45)
"""How far back earlier contacts are weighed; no rule of the pack looks further than 30 days."""


@dataclass(frozen=True, slots=True)
class Contactable:
    """A number or an address, and whose it is."""

    party: Party
    point: ContactPoint
    phone_id: UUID | None = None
    number_index: bytes | None = None
    address_id: UUID | None = None

    @property
    def id(self) -> UUID | None:
        """What callers know it by."""
        return self.phone_id or self.address_id


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that is known about one case when the gate is asked."""

    case_id: UUID
    debtor_id: UUID
    creditor_id: UUID
    facts: Facts
    pack: RulePack
    override_ids: tuple[str, ...]
    contactables: tuple[Contactable, ...]
    training_valid_until: date | None

    def find(self, phone_id: UUID | None, address_id: UUID | None) -> Contactable | None:
        """Return the number or address with this id, if it is this debtor's."""
        return next(
            (each for each in self.contactables if (each.phone_id, each.address_id) == (phone_id, address_id)), None
        )


async def gather(
    unit: UnitOfWork, case_id: UUID, permission: Permission, person_id: UUID | None, without: UUID | None = None
) -> Gathered:
    """Gather what is known of a case, and of the person who would make the contact.

    The case is within reach of a permission, or it does not exist. `without` is an attempt that is not to count against
    itself.
    """
    row = await repository.gather(unit.driver, case_id, person_id, unit.now - HISTORY_FOR, without)
    if row is None or not sees(unit, State(row.state), row.unit_id, row.holder_id, permission):
        raise NotFound
    contactables = (*_phones(unit, row), *_addresses(row))
    pack, override_ids = pack_with(row.overrides or "[]")
    return Gathered(
        case_id=case_id,
        debtor_id=row.debtor_id,
        creditor_id=row.creditor_id,
        facts=_facts(row, contactables),
        pack=pack,
        override_ids=override_ids,
        contactables=contactables,
        training_valid_until=row.training_valid_until,
    )


@lru_cache(maxsize=512)
def pack_with(overrides: str) -> tuple[RulePack, tuple[str, ...]]:
    """Return the base pack tightened by rows of the agency and its creditor, given as JSON; and the rows' ids.

    A row that was strict enough for an earlier base pack and is not for this one has nothing left to say.
    """
    pack = contact_rule_pack()
    rows: list[Mapping[str, Any]] = json.loads(overrides)
    for layer, is_creditors in ((Layer.TENANT, False), (Layer.CREDITOR, True)):
        of_layer = read_rows([row for row in rows if ("creditor_id" in row) is is_creditors])
        pack = _tightened(pack, of_layer, layer)
    return pack, tuple(str(row["row_id"]) for row in rows)


def _tightened(pack: RulePack, rows: Sequence[RuleRow], layer: Layer) -> RulePack:
    tightened = tighten(pack, rows, layer)
    if isinstance(tightened, RulePack):
        return tightened
    loose = _loose(tightened)
    return _tightened(pack, [row for row in rows if row not in loose], layer)


def _loose(refused: RefusedOverrides) -> list[RuleRow]:
    return [loosening.override for loosening in refused.loosenings]


def _facts(row: Gathering, contactables: Sequence[Contactable]) -> Facts:
    own_numbers = [each for each in contactables if each.phone_id and each.party.relation is Relation.DEBTOR]
    return Facts(
        case_state=State(row.state),
        placement=_placement_state(row.placement_state),
        calendar=holiday_calendar(),
        history=tuple(_history(row, contactables)),
        holds=tuple(_hold(*each) for each in row.holds or ()),
        flags=tuple(SpecialFlag(kind, _instant(since), reviewed) for kind, since, reviewed in row.flags or ()),
        debtor_numbers=tuple(each.point.state for each in own_numbers),
        due_on=frozenset(row.due_on),
        has_agreement=row.has_agreement,
    )


def _placement_state(state: str) -> PlacementState:
    # A placement that is still being imported is not worked yet.
    return PlacementState(state) if state in set(PlacementState) else PlacementState.PAUSED


def _hold(reason: str, effect: str, until: str | None) -> Hold:
    # A hold stands through its last day.
    end = start_of(date.fromisoformat(until) + timedelta(days=1)) if until else None
    return Hold(HoldReason(reason), Effect(effect), end)


def _phones(unit: UnitOfWork, row: Gathering) -> Iterator[Contactable]:
    names = {each[0]: _party_id(unit, row, each) for each in row.phones or ()}
    stopped = {names[phone_id] for phone_id, *_, asked_to_stop, _ in row.phones or () if asked_to_stop}
    for phone_id, relation, number, source, state, _, _, is_suppressed in row.phones or ():
        party_id = names[phone_id]
        yield Contactable(
            Party(party_id, Relation(relation), asked_to_stop=party_id in stopped),
            ContactPoint(number, source, NumberState(state), is_suppressed),
            phone_id=UUID(phone_id),
            number_index=bytes.fromhex(number),
        )


def _party_id(unit: UnitOfWork, row: Gathering, phone: Sequence[Any]) -> str:
    """Name the person behind a number: the debtor herself, a contact person by her name, or whoever has the number."""
    _, relation, number, _, _, name, *_ = phone
    if relation == Relation.DEBTOR:
        return str(row.debtor_id)
    if name is None:
        return number
    return f"{relation}:{unit.open(CONTACT_NAME, bytes.fromhex(name))}"


def _addresses(row: Gathering) -> Iterator[Contactable]:
    debtor = Party(str(row.debtor_id), Relation.DEBTOR)
    for address_id, source in row.addresses or ():
        yield Contactable(debtor, ContactPoint(address_id, source), address_id=UUID(address_id))


def _history(row: Gathering, contactables: Sequence[Contactable]) -> Iterator[PastContact]:
    by_point = {each.point.point_id: each.party for each in contactables}
    debtor = Party(str(row.debtor_id), Relation.DEBTOR)
    for at, channel, number, address_id, outcome in row.history or ():
        point_id = number or address_id or ""
        party = by_point.get(point_id, debtor)
        yield PastContact(_instant(at), Channel(channel), party.party_id, party.relation, point_id, Outcome(outcome))


def _instant(text: str) -> datetime:
    return in_china(datetime.fromisoformat(text))
