"""Opening a case (开案): its first stage and its priority, by rules that a person can read and edit.

The first rule that fits and names a stage decides it, without one the product's own table does; the priorities of all
rules that fit are added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from anmi.core.case_stages import Stages
from anmi.core.money import Money
from anmi.core.number_screening import Reach
from anmi.core.tables import names, rows

MOST_RULES: Final = 100
_HEAVIEST: Final = 1000
_CONDITIONS: Final = frozenset(
    {"reach", "buckets", "owing_from", "owing_to", "dpd_from", "dpd_to", "is_special", "is_linked", "due_back_within"}
)


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What is known of a case on the day it is opened."""

    reach: Reach
    bucket: str
    dpd: int
    owing: Money
    is_special: bool = False
    is_linked: bool = False
    days_to_due_back: int | None = None


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """One rule; a condition that is None or empty leaves no case out."""

    code: str
    zh: str
    en: str
    reach: frozenset[Reach] = frozenset()
    buckets: frozenset[str] = frozenset()
    owing_from: Money | None = None
    owing_to: Money | None = None
    dpd_from: int | None = None
    dpd_to: int | None = None
    is_special: bool | None = None
    is_linked: bool | None = None
    due_back_within: int | None = None
    stage: str | None = None
    priority: int = 0

    def fits(self, facts: OpeningFacts) -> bool:
        """Say whether a case is meant."""
        days = facts.days_to_due_back
        return (
            (not self.reach or facts.reach in self.reach)
            and (not self.buckets or facts.bucket in self.buckets)
            and (self.owing_from is None or facts.owing >= self.owing_from)
            and (self.owing_to is None or facts.owing < self.owing_to)
            and (self.dpd_from is None or facts.dpd >= self.dpd_from)
            and (self.dpd_to is None or facts.dpd <= self.dpd_to)
            and self.is_special in {None, facts.is_special}
            and self.is_linked in {None, facts.is_linked}
            and (self.due_back_within is None or (days is not None and days <= self.due_back_within))
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """How a case begins, and the rules that said so."""

    stage: str | None
    priority: int
    rules: tuple[str, ...]


def open_case(rules: Sequence[OpeningRule], facts: OpeningFacts, stages: Stages | None) -> Opening:
    """Say how a case begins. A stage that the product does not have is passed over."""
    fitting = [rule for rule in rules if rule.fits(facts)]
    known = {stage.code for stage in stages.rows} if stages else set[str]()
    named = [rule.stage for rule in fitting if rule.stage in known]
    first = stages.first(facts.dpd).code if stages else None
    return Opening(
        named[0] if named else first, sum(rule.priority for rule in fitting), tuple(rule.code for rule in fitting)
    )


def read_opening_rules(data: object) -> tuple[OpeningRule, ...]:
    """Build the rules from loaded rows; raise ValueError naming the row that cannot be read."""
    table = rows(data, "opening rules")
    if len(table) > MOST_RULES:
        raise ValueError(f"opening rules: no more than {MOST_RULES}")
    rules = tuple(_rule(row) for row in table)
    if len({rule.code for rule in rules}) != len(rules):
        raise ValueError("opening rules: a code stands there twice")
    return rules


def _rule(row: Mapping[str, object]) -> OpeningRule:
    match row:
        case {"code": str(code), "zh": str(zh), "en": str(en)} if code and zh and en:
            pass
        case _:
            raise ValueError(f"opening rules, {row.get('code')}: code, zh and en are needed")
    unknown = row.keys() - {"code", "zh", "en", "when", "stage", "priority"}
    if unknown:
        raise ValueError(f"opening rules, {code}: {min(unknown)} is not known")
    try:
        return OpeningRule(code, zh, en, **_when(row.get("when", {})), **_then(row))
    except ValueError as error:
        raise ValueError(f"opening rules, {code}: {error}") from error


def _when(data: object) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise ValueError("when is a table of conditions")  # noqa: TRY004 - a table that cannot be read is a value
    when = cast("Mapping[str, object]", data)
    if unknown := when.keys() - _CONDITIONS:
        raise ValueError(f"the condition {min(unknown)} is not known")
    read: dict[str, Any] = {}
    if "reach" in when:
        read["reach"] = frozenset(Reach(name) for name in names(when["reach"], "reach"))
    if "buckets" in when:
        read["buckets"] = frozenset(names(when["buckets"], "buckets"))
    for name in ("owing_from", "owing_to"):
        if name in when:
            read[name] = Money(_number(when, name))
    for name in ("dpd_from", "dpd_to", "due_back_within"):
        if name in when:
            read[name] = _number(when, name)
    for name in ("is_special", "is_linked"):
        if name in when:
            if not isinstance(when[name], bool):
                raise ValueError(f"{name} is true or false")
            read[name] = when[name]
    return read


def _then(row: Mapping[str, object]) -> dict[str, Any]:
    stage, priority = row.get("stage"), row.get("priority", 0)
    if stage is not None and (not isinstance(stage, str) or not stage):
        raise ValueError("stage is the code of one")
    if isinstance(priority, bool) or not isinstance(priority, int) or abs(priority) > _HEAVIEST:
        raise ValueError(f"priority is a whole number between -{_HEAVIEST} and {_HEAVIEST}")
    return {"stage": stage, "priority": priority}


def _number(when: Mapping[str, object], name: str) -> int:
    value = when[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**15:
        raise ValueError(f"{name} is a whole number that is not negative")
    return value
