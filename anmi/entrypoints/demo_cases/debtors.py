"""The debtors of the demo, with their numbers and those of people around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from anmi.casework.debtors.models import CONTACT_NAME, ID_NUMBER, ID_TAIL, NAME, PHONE, PHONE_TAIL, Debtor, Phone
from anmi.core.contact_rules.facts import Relation
from anmi.core.identity_number import check_character
from anmi.core.number_screening import Reach, reach_of
from anmi.core.number_state import NumberState
from anmi.entrypoints.demo_cases.drawing import Drawing
from anmi.kit.ids import new_id

CITIES: Final = (
    ("上海", "上海市", "310101"),
    ("江苏", "苏州市", "320506"),
    ("浙江", "杭州市", "330106"),
    ("四川", "成都市", "510104"),
    ("重庆", "重庆市", "500103"),
    ("湖北", "武汉市", "420106"),
    ("河南", "郑州市", "410105"),
    ("安徽", "合肥市", "340104"),
)
PREFIXES: Final = (
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "182",
    "187",
    "188",
    "130",
    "131",
    "186",
    "189",
    "177",
)
CARRIERS: Final = {"13": "中国移动", "15": "中国移动", "18": "中国移动", "17": "中国电信"}

NUMBER_STATES: Final = {NumberState.ACTIVE: 80, NumberState.EMPTY: 6, NumberState.UNKNOWN: 14}
"""What the rehearsal's screening said of a number, and of how many in a hundred."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A debtor of the demo."""

    debtor_id: UUID
    phone_id: UUID
    """Her own number."""
    reach: Reach
    is_linked: bool = False
    """Whether she has owed in an earlier case."""


class Debtors:
    """Draws debtors, one after the other."""

    def __init__(self, draw: Drawing) -> None:
        self.draw = draw
        self.known: list[Drawn] = []
        self.number = self.phones = 0

    def next(self) -> Drawn:
        """Draw a debtor with her numbers; one in twelve cases is another one of somebody already known."""
        self.number += 1
        if self.known and self.draw.dice.random() < 0.08:
            return replace(self.draw.dice.choice(self.known), is_linked=True)
        debtor_id = new_id()
        province, city, area = self.draw.dice.choice(CITIES)
        # The running number and the year part all of them: no two debtors have one id number.
        born_on = date(1966 + self.number // 1000 * 9 + self.draw.dice.randint(0, 8), self.draw.dice.randint(1, 12), 28)
        first = f"{area}{born_on:%Y%m%d}{self.number % 1000:03d}"
        id_number, name = first + check_character(first), self.draw.name()
        self.draw.add(
            Debtor,
            id=debtor_id,
            name_sealed=self.draw.unit.seal(NAME, name),
            name_index=self.draw.unit.index(NAME, name),
            id_number_sealed=self.draw.unit.seal(ID_NUMBER, id_number),
            id_number_index=self.draw.unit.index(ID_NUMBER, id_number),
            id_tail_index=self.draw.unit.index(ID_TAIL, id_number[-4:]),
            born_on=born_on,
            gender="male" if int(id_number[16]) % 2 else "female",
            province=province,
            city=city,
            created_at=self.draw.unit.now,
        )
        phone_id, state = self._phone(debtor_id, Relation.DEBTOR, None, city)
        for _ in range(self.draw.dice.choice((0, 1, 1, 2))):
            self._phone(
                debtor_id, Relation.UNRELATED_THIRD_PARTY, self.draw.dice.choice(("父亲", "同事", "朋友")), city
            )
        self.known.append(Drawn(debtor_id, phone_id, reach_of({state})))
        return self.known[-1]

    def _phone(self, debtor_id: UUID, relation: Relation, word: str | None, city: str) -> tuple[UUID, NumberState]:
        phone_id = new_id()
        prefix = self.draw.dice.choice(PREFIXES)
        number = f"{prefix}0{self.phones // 1000:03d}0{self.phones % 1000:03d}"
        self.phones += 1
        state = self.draw.dice.choices(list(NUMBER_STATES), list(NUMBER_STATES.values()))[0]
        self.draw.add(
            Phone,
            id=phone_id,
            debtor_id=debtor_id,
            number_sealed=self.draw.unit.seal(PHONE, number),
            number_index=self.draw.unit.index(PHONE, number),
            tail_index=self.draw.unit.index(PHONE_TAIL, number[-4:]),
            kind="mobile",
            relation=relation,
            relation_text=word or "本人",
            name_sealed=self.draw.unit.seal(CONTACT_NAME, self.draw.name()) if word else None,
            source="contract" if word is None else "named_contact",
            carrier=CARRIERS[prefix[:2]],
            province=None,
            city=city,
            state=state,
            state_source="rehearsal",
            state_at=self.draw.unit.now - timedelta(days=3),
            is_right_party=None,
            asked_to_stop_at=None,
            added_by=None,
            created_at=self.draw.unit.now,
        )
        return phone_id, state
