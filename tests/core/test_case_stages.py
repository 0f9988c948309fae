"""A product says which stages its cases pass, and in which order."""

from __future__ import annotations

import pytest

from anmi.core.case_stages import RefusedMove, Stage, read_stages

ROWS: list[dict[str, object]] = [
    {"code": "early", "zh": "初催", "en": "Early", "from_dpd": 1, "next": ["talk"]},
    {"code": "talk", "zh": "协商", "en": "Talk", "from_dpd": 31, "next": ["early", "notice"]},
    {"code": "notice", "zh": "催告", "en": "Notice", "from_dpd": 91, "next": ["talk"]},
]


@pytest.mark.parametrize(("dpd", "code"), [(-3, "early"), (1, "early"), (30, "early"), (31, "talk"), (400, "notice")])
def test_a_case_starts_in_the_stage_of_its_days_past_due(dpd: int, code: str) -> None:
    assert read_stages(ROWS).first(dpd).code == code


def test_a_case_moves_only_where_the_table_leads() -> None:
    stages = read_stages(ROWS)
    assert isinstance(stages.move("early", "talk"), Stage)
    assert stages.move("early", "notice") == RefusedMove("early", "notice", ("talk",))
    assert isinstance(stages.move("nowhere", "talk"), RefusedMove)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [ROWS[0]],
        [ROWS[0], ROWS[0], ROWS[1]],
        [{"code": "early", "zh": "初催", "en": "Early", "from_dpd": 1, "next": ["early"]}],
        [{"code": "early", "zh": "初催", "from_dpd": 1, "next": []}],
    ],
)
def test_stages_that_do_not_fit_together_are_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(ValueError, match="stages"):
        read_stages(rows)
