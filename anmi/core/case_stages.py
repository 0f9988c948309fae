"""The stages (阶段) a case passes while it is in collection, as each product's own table.

A stage says how firmly the case is worked; the state in `case_life` says what may be done at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anmi.core.tables import names, rows


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a product: its labels, the dpd from which it is meant, and the stages that may follow."""

    code: str
    zh: str
    en: str
    from_dpd: int
    next: frozenset[str]


@dataclass(frozen=True, slots=True)
class RefusedMove:
    """A move between stages that the product's table does not know."""

    from_code: str
    to_code: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stages:
    """A product's stages in the order of their dpd."""

    rows: tuple[Stage, ...]

    def first(self, dpd: int) -> Stage:
        """Return the stage a case of this dpd starts in: the last one whose `from_dpd` it has reached."""
        reached = [stage for stage in self.rows if stage.from_dpd <= dpd]
        return reached[-1] if reached else self.rows[0]

    def move(self, from_code: str, to_code: str) -> Stage | RefusedMove:
        """Return the stage moved to, or the refusal with the stages that may follow."""
        stages = {stage.code: stage for stage in self.rows}
        here = stages.get(from_code)
        if here is not None and to_code in here.next:
            return stages[to_code]
        return RefusedMove(from_code, to_code, tuple(sorted(here.next)) if here else tuple(stages))


def read_stages(data: object) -> Stages:
    """Build the stages from loaded rows; raise ValueError naming the row that does not fit the others."""
    table = rows(data, "stages")
    codes = [str(row.get("code")) for row in table]
    if not codes or len(set(codes)) != len(codes):
        raise ValueError("stages: a product has at least one stage, and no code twice")
    return Stages(tuple(sorted((_stage(row, codes) for row in table), key=lambda stage: stage.from_dpd)))


def _stage(row: Mapping[str, object], codes: Sequence[str]) -> Stage:
    match row:
        case {"code": str(code), "zh": str(zh), "en": str(en), "from_dpd": int(from_dpd), "next": following}:
            after = names(following, f"stages, {code}")
            unknown = [other for other in after if other not in codes or other == code]
            if unknown:
                raise ValueError(f"stages, {code}: {unknown[0]} cannot follow it")
            return Stage(code, zh, en, from_dpd, frozenset(after))
        case _:
            raise ValueError(f"stages, {row.get('code')}: code, zh, en, from_dpd and next are needed")
