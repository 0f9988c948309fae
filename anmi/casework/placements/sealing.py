"""Turns accepted rows into rows for COPY, with everything personal sealed and indexed; any process may do it.

A row is read once more where it is sealed: that costs less than sending over what was read of it.
The columns of each table stand in the order of its model (`anmi.casework.placements.models`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.models import ACCOUNT_NO, CHARACTERS_OF_A_TAIL, FACTS
from anmi.casework.debtors.models import ADDRESS, CONTACT_NAME, ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL
from anmi.casework.placements.reading import NumberedCells
from anmi.core.placement_sheet.case_facts import OtherPhone
from anmi.core.placement_sheet.fact_columns import Fact
from anmi.core.placement_sheet.placing import CaseMaker, NewCase
from anmi.kit.ids import new_id
from anmi.kit.keyring import Keyring

Cell = str | bytes | int | date | UUID | None

_NULL: Final = "\\N"
_SPECIAL: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
_LONGEST_WORD: Final = 100


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows of the three staging tables, as COPY takes them; `last` is the last row of the sheet among them."""

    cases: bytes
    phones: bytes
    addresses: bytes
    count: int
    last: int


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals the rows of one import."""

    maker: CaseMaker
    keyring: Keyring
    tenant_id: UUID
    import_id: UUID

    def copied(self, rows: Sequence[NumberedCells]) -> Copied:
        """Return the cases of some accepted rows."""
        ours = f"{self.tenant_id.hex}\t{self.import_id.hex}"
        cases: list[str] = []
        phones: list[str] = []
        addresses: list[str] = []
        for number, cells in rows:
            case, case_id, row = self.maker.make(number, cells), new_id(), f"{ours}\t{number}"
            debtor = self._index(ID_NUMBER, case.line.identity.text)
            cases.append(self._case(row, case, case_id, debtor))
            source = case.line.source.value
            phones += [self._phone(row, place, phone, debtor, source) for place, phone in enumerate(case.phones)]
            for place, (kind, address) in enumerate(case.facts.addresses):
                addresses.append(self._address(row, place, kind, address, case_id, source))
        written = ("".join(lines).encode("utf-8", "replace") for lines in (cases, phones, addresses))
        return Copied(*written, count=len(rows), last=rows[-1][0])

    def _case(self, row: str, case: NewCase, case_id: UUID, debtor: bytes) -> str:
        line, facts, parts = case.line, case.facts, case.components
        id_number, account_no = line.identity.text, facts.texts.get(Fact.ACCOUNT_NO)
        limit = facts.amounts.get(Fact.CREDIT_LIMIT)
        return _line(
            row,
            case_id,
            new_id(),
            new_id(),
            line.case_no,
            line.placed_on,
            case.due_back_on,
            line.amount.fen,
            case.overdue_on,
            case.bucket,
            case.limitation_on,
            self._seal_some(FACTS, json.dumps(facts.extra, ensure_ascii=False) if facts.extra else None),
            self._seal(NAME, line.name),
            self._index(NAME, line.name),
            self._seal(ID_NUMBER, id_number),
            debtor,
            self._index(ID_TAIL, id_number[-CHARACTERS_OF_A_TAIL:]),
            case.born_on,
            case.gender,
            facts.texts.get(Fact.PROVINCE),
            facts.texts.get(Fact.CITY),
            self._seal_some(ACCOUNT_NO, account_no),
            None if account_no is None else self._index(ACCOUNT_NO, account_no),
            account_no[-CHARACTERS_OF_A_TAIL:] if account_no else None,
            facts.texts.get(Fact.CONTRACT_NO),
            *(part.fen for part in (parts.principal, parts.interest, parts.penalty, parts.fee)),
            None if limit is None else limit.fen,
            facts.dates.get(Fact.LOAN_ON),
            facts.statement_day,
        )

    def _phone(self, row: str, place: int, phone: OtherPhone, debtor: bytes, source: str) -> str:
        digits = phone.number.digits
        return _line(
            row,
            place,
            new_id(),
            debtor,
            self._seal(PHONE, str(phone.number)),
            self._index(PHONE, digits),
            self._index(PHONE_TAIL, digits[-CHARACTERS_OF_A_TAIL:]),
            phone.kind,
            phone.relation.value,
            phone.relation_text and phone.relation_text[:_LONGEST_WORD],
            self._seal_some(CONTACT_NAME, phone.name),
            source,
        )

    def _address(self, row: str, place: int, kind: str, address: str, case_id: UUID, source: str) -> str:
        index = self._index(ADDRESS, "".join(address.split()))
        return _line(row, place, new_id(), case_id, self._seal(ADDRESS, address), index, kind, source)

    def _seal(self, field: str, text: str) -> bytes:
        return self.keyring.seal(self.tenant_id, field, text)

    def _seal_some(self, field: str, text: str | None) -> bytes | None:
        return None if text is None else self.keyring.seal(self.tenant_id, field, text)

    def _index(self, field: str, text: str) -> bytes:
        return self.keyring.index(self.tenant_id, field, text)


def _line(row: str, *cells: Cell) -> str:
    return "\t".join([row, *map(_text, cells)]) + "\n"


def _text(cell: Any) -> str:
    """Write a value in COPY's text format."""
    if cell is None:
        return _NULL
    if isinstance(cell, bytes):
        return "\\\\x" + cell.hex()
    if isinstance(cell, str):
        return cell if cell.isalnum() else cell.translate(_SPECIAL)
    return cell.hex if isinstance(cell, UUID) else str(cell)


_SEALERS: Final[list[Sealer]] = []


def prepare(sealer: Sealer) -> None:
    """Make a process of ours ready to seal for one import."""
    _SEALERS[:] = [sealer]


def seal_aside(rows: Sequence[NumberedCells]) -> Copied:
    """Seal in a process that was prepared."""
    return _SEALERS[0].copied(rows)
