"""An agency with millions of synthetic cases: made number by number, so that memory stays flat, and loaded by COPY.

Everything about case `n` follows from `n`, so each table is written by itself and a search knows what it will find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID

import psycopg

from anmi.casework.cases.models import ACCOUNT_NO, Account, Case
from anmi.casework.debtors.models import ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL, Debtor, Phone
from anmi.casework.holds.models import Hold
from anmi.casework.promises.models import PromiseToPay
from anmi.core.identity_number import check_character
from anmi.kit.db import Base
from anmi.kit.keyring import Keyring

NOW: Final = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)
TODAY: Final = date(2026, 3, 4)
CASES_OF_A_COLLECTOR: Final = 2000
CLOSED_PERCENT, TOUCHED_PERCENT, PLANNED_PERCENT, HELD_PERCENT, PROMISED_PERCENT = 20, 60, 40, 1, 3
SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚英华建文辉玲"
NAMES: Final = len(SURNAMES) * len(GIVEN) ** 2
RESULTS: Final = ("no_answer", "promised", "refused", "busy", None)
_ROWS_OF_A_PIECE: Final = 5000
_NULL: Final = "\\N"


@dataclass(frozen=True, slots=True)
class Many:
    """The agency whose cases are made: its keys, and what cases are spread over."""

    keyring: Keyring
    tenant_id: UUID
    placements: Sequence[tuple[UUID, UUID, UUID]]
    """Placement, creditor and product."""
    collectors: Sequence[tuple[UUID, UUID]]
    """Collector and her unit."""
    sealed_names: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def index(self, of: str, text: str) -> bytes:
        return self.keyring.index(self.tenant_id, of, text)

    def sealed_name(self, name: str) -> bytes:
        if name not in self.sealed_names:
            self.sealed_names[name] = self.keyring.seal(self.tenant_id, NAME, name)
        return self.sealed_names[name]


def identifier(table: int, number: int) -> UUID:
    """Return an identifier that sorts like the ones of new rows do (RFC 9562, version 7)."""
    return UUID(int=(0x018F_0000_0000 + number) << 80 | 7 << 76 | 2 << 62 | table)


def spread(number: int, salt: int, values: int) -> int:
    """Return one of some values for a number, without a pattern between one salt and another."""
    mixed = (number * 0x9E37_79B1 + salt * 0x85EB_CA6B) & 0xFFFF_FFFF
    mixed = (mixed ^ mixed >> 15) * 0x2C1B_3C6D & 0xFFFF_FFFF
    return (mixed ^ mixed >> 13) % values


def name_of(number: int) -> str:
    number = spread(number, 1, NAMES)
    number, first = divmod(number, len(GIVEN))
    surname, second = divmod(number, len(GIVEN))
    return SURNAMES[surname] + GIVEN[first] + GIVEN[second]


def id_number_of(number: int) -> str:
    days, order = divmod(number, 1000)
    region, days = divmod(days, 18_000)
    body = f"{110101 + region}{date(1950, 1, 1) + timedelta(days=days):%Y%m%d}{order:03d}"
    return body + check_character(body)


def phone_of(number: int) -> str:
    return f"13{number * 7919 % 10**9:09d}"


def account_of(number: int) -> str:
    return f"62220000{number * 104_729 % 10**8:08d}"


def owing_of(number: int) -> int:
    return 10_000 + spread(number, 2, 5_000_000)


def _case(many: Many, number: int) -> dict[str, Any]:
    placement_id, creditor_id, product_id = many.placements[spread(number, 3, len(many.placements))]
    holder_id, unit_id = many.collectors[spread(number, 4, len(many.collectors))]
    is_closed = spread(number, 5, 100) < CLOSED_PERCENT
    is_touched = spread(number, 6, 100) < TOUCHED_PERCENT
    is_planned = spread(number, 7, 100) < PLANNED_PERCENT
    return {
        "id": identifier(1, number),
        "placement_id": placement_id,
        "creditor_id": creditor_id,
        "product_id": product_id,
        "debtor_id": identifier(2, number),
        "serial_no": f"C{number:09d}",
        "placed_on": date(2026, 1, 5),
        "due_back_on": date(2026, 7, 5),
        "placed_fen": owing_of(number),
        "owing_fen": owing_of(number),
        "paid_fen": 0,
        "waived_fen": 0,
        "overdue_on": TODAY - timedelta(days=spread(number, 8, 720)),
        "bucket": "M1",
        "state": "paid_in_full" if is_closed else "in_collection",
        "stage": "early",
        "priority": number % 3,
        "holder_id": holder_id,
        "unit_id": unit_id,
        "last_activity_at": NOW - timedelta(minutes=spread(number, 9, 60_000)) if is_touched else None,
        "last_result": RESULTS[spread(number, 10, len(RESULTS))],
        "next_action_at": NOW + timedelta(minutes=spread(number, 11, 30_000) - 10_000) if is_planned else None,
        "created_at": NOW,
        "version": 1,
    }


def _debtor(many: Many, number: int) -> dict[str, Any]:
    name, id_number = name_of(number), id_number_of(number)
    return {
        "id": identifier(2, number),
        "name_sealed": many.sealed_name(name),
        "name_index": many.index(NAME, name),
        "id_number_sealed": b"",
        "id_number_index": many.index(ID_NUMBER, id_number),
        "id_tail_index": many.index(ID_TAIL, id_number[-4:]),
        "city": "杭州",
        "created_at": NOW,
    }


def _phone(many: Many, number: int) -> dict[str, Any]:
    phone = phone_of(number)
    return {
        "id": identifier(3, number),
        "debtor_id": identifier(2, number),
        "number_sealed": b"",
        "number_index": many.index(PHONE, phone),
        "tail_index": many.index(PHONE_TAIL, phone[-4:]),
        "kind": "mobile",
        "relation": "debtor",
        "source": "contract",
        "state": "unknown",
        "created_at": NOW,
    }


def _account(many: Many, number: int) -> dict[str, Any]:
    account = account_of(number)
    return {
        "id": identifier(4, number),
        "case_id": identifier(1, number),
        "number_index": many.index(ACCOUNT_NO, account),
        "number_tail": account[-4:],
        "contract_no": f"HT{number:010d}",
        "principal_fen": owing_of(number),
        "interest_fen": 0,
        "penalty_fen": 0,
        "fee_fen": 0,
        "version": 1,
    }


def _hold(many: Many, number: int) -> dict[str, Any] | None:
    if spread(number, 12, 100) >= HELD_PERCENT:
        return None
    return {
        "id": identifier(5, number),
        "case_id": identifier(1, number),
        "reason": "complaint",
        "effect": "PAUSE",
        "note": "",
        "placed_at": NOW,
        "version": 1,
    }


def _promise(many: Many, number: int) -> dict[str, Any] | None:
    if spread(number, 13, 100) >= PROMISED_PERCENT:
        return None
    return {
        "id": identifier(6, number),
        "case_id": identifier(1, number),
        "amount_fen": 10_000,
        "due_on": TODAY + timedelta(days=spread(number, 14, 20)),
        "state": "open",
        "received_fen": 0,
        "taken_at": NOW,
        "version": 1,
    }


_TABLES: Final[Mapping[type[Base], Callable[[Many, int], dict[str, Any] | None]]] = {
    Debtor: _debtor,
    Case: _case,
    Phone: _phone,
    Account: _account,
    Hold: _hold,
    PromiseToPay: _promise,
}


def load(address: str, many: Many, numbers: range) -> None:
    """Bring cases in, with indexes built anew afterwards; `address` is the superuser's, whom no fence holds up."""
    with psycopg.connect(address, autocommit=True) as connection:
        # Foreign keys hold by construction.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        for table, row in _TABLES.items():
            with _without_indexes(connection, table.__tablename__):
                _copy(connection, table, many, numbers, row)
        connection.execute("VACUUM ANALYZE")


def _copy(
    connection: psycopg.Connection[Any],
    table: type[Base],
    many: Many,
    numbers: range,
    row: Callable[[Many, int], dict[str, Any] | None],
) -> None:
    rows = (made for number in numbers if (made := row(many, number)) is not None)
    first = next(rows)
    names = ", ".join([*first, "tenant_id"])
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table.__tablename__} ({names}) FROM STDIN") as copy,  # type: ignore[arg-type]
    ):
        lines = ("\t".join([*map(_text, made.values()), many.tenant_id.hex]) + "\n" for made in chain([first], rows))
        while piece := "".join(islice(lines, _ROWS_OF_A_PIECE)):
            copy.write(piece)


@contextmanager
def _without_indexes(connection: psycopg.Connection[Any], table: str) -> Iterator[None]:
    query = (
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
    )
    indexes = connection.execute(query, [table]).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]
    yield
    for _, definition in indexes:
        connection.execute(definition)


def _text(cell: Any) -> str:
    if cell is None:
        return _NULL
    if isinstance(cell, bytes):
        return "\\\\x" + cell.hex()
    return cell.hex if isinstance(cell, UUID) else str(cell)
