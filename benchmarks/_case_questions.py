"""What people ask a list of cases: in our words, and in bare SQL that finds the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from anmi.casework.cases.lists import CaseFilter, CaseList
from anmi.casework.cases.models import ACCOUNT_NO
from anmi.casework.debtors.models import ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL
from anmi.core.case_life import State
from anmi.kit.caller import Caller
from anmi.kit.unit_of_work import Units
from benchmarks._many_cases import TODAY, Many, account_of, id_number_of, name_of, phone_of
from tests.builders.people import Agency

PAGE: Final = 50

_COLUMNS: Final = """
SELECT c.*, d.name_sealed AS debtor_name, d.city, k.name AS creditor, p.name AS product, b.code, h.name_sealed, u.name,
       EXISTS (SELECT FROM holds x WHERE x.case_id = c.id AND x.lifted_at IS NULL) AS is_held,
       EXISTS (SELECT FROM special_flags f WHERE f.debtor_id = c.debtor_id AND f.removed_at IS NULL) AS is_special
  FROM {cases} c JOIN debtors d ON d.id = c.debtor_id JOIN creditors k ON k.id = c.creditor_id
  JOIN products p ON p.id = c.product_id JOIN placements b ON b.id = c.placement_id
  LEFT JOIN people h ON h.id = c.holder_id LEFT JOIN org_units u ON u.id = c.unit_id
"""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing people ask a list: as whom, in our words, and in bare SQL; `turn` changes the values."""

    name: str
    caller: Caller
    wanted: Callable[[int], CaseFilter]
    sort: str
    bare: str
    values: Callable[[int], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class World:
    """The agency, its people, and the cases so far."""

    units: Units
    agency: Agency
    many: Many
    operations: Caller
    supervisors: Sequence[tuple[Caller, UUID]]
    collectors: Sequence[Caller]
    count: int


def page(where: str, order: str) -> str:
    """Return the bare SQL of one page."""
    cases = f"(SELECT * FROM cases WHERE tenant_id = %(tenant)s AND {where} ORDER BY {order} LIMIT {PAGE + 1})"
    return _COLUMNS.format(cases=cases) + f" ORDER BY {order}"


def found(*lookups: str) -> str:
    """Return the bare SQL of a search: one lookup for each thing the text may mean."""
    cases = f"(SELECT * FROM cases WHERE id IN ({' UNION '.join(lookups)}) ORDER BY id DESC LIMIT {PAGE + 1})"
    return _COLUMNS.format(cases=cases) + " ORDER BY c.id DESC"


_OF_CASE: Final = "SELECT id FROM cases WHERE tenant_id = %(tenant)s AND serial_no = %(text)s"
_OF_ACCOUNT: Final = "SELECT case_id FROM accounts WHERE tenant_id = %(tenant)s AND "
_OF_DEBTOR: Final = (
    "SELECT s.id FROM cases s JOIN debtors o ON o.id = s.debtor_id WHERE o.tenant_id = %(tenant)s AND o."
)
_OF_PHONE: Final = (
    "SELECT s.id FROM cases s JOIN phones n ON n.debtor_id = s.debtor_id WHERE n.tenant_id = %(tenant)s AND n."
)
_ALWAYS: Final = (_OF_CASE, _OF_ACCOUNT + "contract_no = %(text)s", _OF_ACCOUNT + "number_index = %(account)s")


def questions(world: World) -> list[Question]:
    """Return what is asked."""
    many, operations, tenant = world.many, world.operations, world.agency.tenant_id
    collector, (supervisor, team) = world.collectors[0], world.supervisors[0]
    open_states = frozenset({State.IN_COLLECTION})

    def at(turn: int) -> int:
        return turn * 7_368_787 % world.count

    def sought(text: str, **indexes: str) -> dict[str, Any]:
        fields = {"name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "id_tail": ID_TAIL, "phone_tail": PHONE_TAIL}
        known = {key: many.index(fields[key], value) for key, value in indexes.items()}
        return {"tenant": tenant, "text": text, "account": many.index(ACCOUNT_NO, text)} | known

    def creditor(turn: int) -> UUID:
        return many.placements[turn % len(many.placements)][1]

    def placement(turn: int) -> UUID:
        return many.placements[turn % len(many.placements)][0]

    return [
        Question(
            "all cases, newest first",
            operations,
            lambda turn: CaseFilter(),
            "-created",
            page("true", "id DESC"),
            lambda turn: {"tenant": tenant},
        ),
        Question(
            "creditor, state, owing more than, by amount",
            operations,
            lambda turn: CaseFilter(
                creditor_ids=frozenset({creditor(turn)}), states=open_states, owing_from=100_000 * (turn % 30)
            ),
            "-owing",
            page(
                "creditor_id = %(creditor)s AND state = 'in_collection' AND owing_fen >= %(from)s",
                "owing_fen DESC, id DESC",
            ),
            lambda turn: {"tenant": tenant, "creditor": creditor(turn), "from": 100_000 * (turn % 30)},
        ),
        Question(
            "placement, days past due, longest first",
            operations,
            lambda turn: CaseFilter(placement_ids=frozenset({placement(turn)}), dpd_from=30, dpd_to=300 + turn % 60),
            "-dpd",
            page("placement_id = %(placement)s AND overdue_on <= %(to)s AND overdue_on >= %(from)s", "overdue_on, id"),
            lambda turn: {
                "tenant": tenant,
                "placement": placement(turn),
                "to": TODAY - timedelta(days=30),
                "from": TODAY - timedelta(days=300 + turn % 60),
            },
        ),
        Question(
            "held, by last activity",
            operations,
            lambda turn: CaseFilter(hold=True, owing_from=1000 * turn),
            "-last_activity_at",
            page(
                "EXISTS (SELECT FROM holds z WHERE z.case_id = cases.id AND z.lifted_at IS NULL)"
                " AND owing_fen >= %(from)s",
                "last_activity_at DESC NULLS LAST, id DESC",
            ),
            lambda turn: {"tenant": tenant, "from": 1000 * turn},
        ),
        Question(
            "a team's open cases, by amount",
            supervisor,
            lambda turn: CaseFilter(states=open_states, owing_to=5_000_000 - 10_000 * turn),
            "-owing",
            page("unit_id = %(team)s AND state = 'in_collection' AND owing_fen <= %(to)s", "owing_fen DESC, id DESC"),
            lambda turn: {"tenant": tenant, "team": team, "to": 5_000_000 - 10_000 * turn},
        ),
        Question(
            "a collector's own, by next action",
            collector,
            lambda turn: CaseFilter(todo=CaseList.ALL, owing_from=1000 * turn),
            "next_action_at",
            page(
                "holder_id = %(holder)s AND state = ANY(%(states)s) AND owing_fen >= %(from)s",
                "next_action_at NULLS LAST, id",
            ),
            lambda turn: {
                "tenant": tenant,
                "holder": collector.person_id,
                "from": 1000 * turn,
                "states": ["in_collection", "promised", "on_plan", "retained", "legal", "on_hold"],
            },
        ),
        Question(
            "search: phone",
            operations,
            lambda turn: CaseFilter(q=phone_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_PHONE + "number_index = %(phone)s"),
            lambda turn: sought(phone_of(at(turn)), phone=phone_of(at(turn))),
        ),
        Question(
            "search: id number",
            operations,
            lambda turn: CaseFilter(q=id_number_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_DEBTOR + "id_number_index = %(id_number)s"),
            lambda turn: sought(id_number_of(at(turn)), id_number=id_number_of(at(turn))),
        ),
        Question(
            "search: name",
            operations,
            lambda turn: CaseFilter(q=name_of(at(turn))),
            "-created",
            found(*_ALWAYS, _OF_DEBTOR + "name_index = %(name)s"),
            lambda turn: sought(name_of(at(turn)), name=name_of(at(turn))),
        ),
        Question(
            "search: last four",
            operations,
            lambda turn: CaseFilter(q=account_of(at(turn))[-4:]),
            "-created",
            found(
                *_ALWAYS,
                _OF_ACCOUNT + "number_tail = %(text)s",
                _OF_DEBTOR + "id_tail_index = %(id_tail)s",
                _OF_PHONE + "tail_index = %(phone_tail)s",
            ),
            lambda turn: sought(
                account_of(at(turn))[-4:], id_tail=account_of(at(turn))[-4:], phone_tail=account_of(at(turn))[-4:]
            ),
        ),
    ]
