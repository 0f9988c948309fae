"""What the rows of a list do to the cases they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from anmi.casework.cases.models import Case
from anmi.casework.debtors.models import ADDRESS, CONTACT_NAME, PHONE, PHONE_TAIL, Address, Phone
from anmi.casework.payments.service import Ledger
from anmi.casework.placements import closing
from anmi.casework.placements.events import BalancesRestated, CasesTakenAway
from anmi.core.balance import Balance
from anmi.core.case_life import Event
from anmi.core.contact_rules.facts import Relation
from anmi.core.number_state import NumberState
from anmi.core.placement_sheet.list_columns import Item
from anmi.core.placement_sheet.list_reader import ListLine
from anmi.core.placement_sheet.restating import restated
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork

_SELF: Final = ("", "本人", "债务人", "客户本人", "借款人")
_LIABLE: Final = {"担保人": Relation.GUARANTOR, "保证人": Relation.GUARANTOR, "共同借款人": Relation.CO_DEBTOR}
_KINDS: Final = {"手机": "mobile", "家庭": "home", "住宅": "home", "单位": "work", "公司": "work", "户籍": "registered"}

Rows = Sequence[tuple[ListLine, Case]]


async def cases_of(unit: UnitOfWork, placement_id: UUID, lines: Sequence[ListLine]) -> dict[int, Case]:
    """Return the case of each row; none where there is no such case, or two and no day that tells them apart."""
    numbers = {line.case_no for line in lines}
    query = select(Case).where(Case.placement_id == placement_id, Case.serial_no.in_(numbers))
    found: dict[str, list[Case]] = {}
    for case in await unit.session.scalars(query):
        found.setdefault(case.serial_no, []).append(case)
    known: dict[int, Case] = {}
    for line in lines:
        cases = [case for case in found.get(line.case_no, []) if line.placed_on in (None, case.placed_on)]
        if len(cases) == 1:
            known[line.row] = cases[0]
    return known


async def held(unit: UnitOfWork, rows: Sequence[tuple[ListLine, UUID]]) -> Rows:
    """Return the cases of rows, held until the transaction ends, in one order whoever works beside us."""
    query = select(Case).where(Case.id.in_({case_id for _, case_id in rows})).order_by(Case.id).with_for_update()
    cases = {case.id: case for case in await unit.session.scalars(query.execution_options(populate_existing=True))}
    return [(line, cases[case_id]) for line, case_id in rows]


async def recall(unit: UnitOfWork, placement_id: UUID, rows: Rows) -> int:
    """Let the creditor take cases back; those that have closed already are left."""
    taken = await closing.close(unit, Case.id.in_([case.id for _, case in rows]), Event.RECALLED, "委托方撤案清单")
    unit.announce(CasesTakenAway(placement_id, unit.now))
    return taken


async def add_phones(unit: UnitOfWork, rows: Rows) -> int:
    """Write down numbers; one that the debtor has already keeps what is known of it."""
    values = [_phone(unit, line, case, nth) for line, case in rows for nth in range(len(line.phones))]
    return await _insert(unit, Phone, values, ["debtor_id", "number_index"])


async def add_addresses(unit: UnitOfWork, rows: Rows) -> int:
    """Write down addresses that are new."""
    values = [
        {
            "id": new_id(),
            "tenant_id": unit.tenant_id,
            "debtor_id": case.debtor_id,
            "text_sealed": unit.seal(ADDRESS, line.address or ""),
            "text_index": unit.index(ADDRESS, "".join((line.address or "").split())),
            "kind": _kind(line.kind, "home"),
            "source": line.source,
            "created_at": unit.now,
        }
        for line, case in rows
    ]
    return await _insert(unit, Address, values, ["debtor_id", "text_index"])


async def restate(unit: UnitOfWork, rows: Rows) -> int:
    """Take over what the creditor says is owed now; a case of several accounts, or a closed one, is left."""
    done = 0
    for line, case in rows:
        ledger = await Ledger.of(unit, case)
        if case.closed_at is not None or len(ledger.owing) != 1:
            continue
        (account,) = ledger.owing
        ledger.restate(UUID(account.account_id), restated(line.owing, _parts(line)))
        case.version += 1
        unit.announce(BalancesRestated(case.id))
        done += 1
    await unit.session.flush()
    return done


def _parts(line: ListLine) -> Balance | None:
    if not line.parts:
        return None
    nothing = Balance()
    return Balance(
        principal=line.parts.get(Item.PRINCIPAL, nothing.principal),
        interest=line.parts.get(Item.INTEREST, nothing.interest),
        penalty_interest=line.parts.get(Item.PENALTY, nothing.penalty_interest),
        fee=line.parts.get(Item.FEE, nothing.fee),
    )


def _phone(unit: UnitOfWork, line: ListLine, case: Case, nth: int) -> dict[str, Any]:
    number = line.phones[nth]
    word = line.relation or ""
    relation = Relation.DEBTOR if word in _SELF else _LIABLE.get(word, Relation.RELATED_THIRD_PARTY)
    is_other = relation is not Relation.DEBTOR
    return {
        "id": new_id(),
        "tenant_id": unit.tenant_id,
        "debtor_id": case.debtor_id,
        "number_sealed": unit.seal(PHONE, str(number)),
        "number_index": unit.index(PHONE, number.digits),
        "tail_index": unit.index(PHONE_TAIL, number.digits[-4:]),
        "kind": _kind(line.kind, "mobile" if number.is_mobile else "home"),
        "relation": relation,
        "relation_text": word if is_other else None,
        "name_sealed": unit.seal(CONTACT_NAME, line.name) if line.name and is_other else None,
        "source": line.source,
        "state": NumberState.UNKNOWN,
        "added_by": unit.caller.person_id,
        "created_at": unit.now,
    }


def _kind(word: str | None, otherwise: str) -> str:
    return next((kind for part, kind in _KINDS.items() if word and part in word), otherwise)


async def _insert(unit: UnitOfWork, table: Any, values: list[dict[str, Any]], unique: list[str]) -> int:
    if not values:
        return 0
    before = select(func.count()).select_from(table).where(table.debtor_id.in_({row["debtor_id"] for row in values}))
    had = (await unit.session.execute(before)).scalar_one()
    await unit.session.execute(insert(table).values(values).on_conflict_do_nothing(index_elements=unique))
    return (await unit.session.execute(before)).scalar_one() - had
