"""Every table a tenant may edit is read or refused with a sentence, however it is damaged."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anmi.core.calendar import read_holiday_table
from anmi.core.case_stages import read_stages
from anmi.core.codes import read_code_table
from anmi.core.commission import read_commission_table
from anmi.core.concessions import read_authority
from anmi.core.contact_rules.pack_reader import read_rule_pack
from anmi.core.delinquency import read_buckets
from anmi.core.rate_regime import read_rate_table

CASEWORK = Path(__file__).parents[2] / "anmi/casework"


def table(path: str) -> dict[str, Any]:
    return tomllib.loads((CASEWORK / path).read_text("utf-8"))


STAGES = [
    {"code": "early", "zh": "初催", "en": "Early", "from_dpd": 1, "next": ["talk"]},
    {"code": "talk", "zh": "协商", "en": "Talk", "from_dpd": 31, "next": ["early"]},
]
COMMISSION = {"rows": [{"bucket": "M1", "placement_tier": 1, "mode": "slice", "steps": [{"from": "0", "rate": "0.1"}]}]}
READERS: list[tuple[dict[str, Any], Callable[[Any], object]]] = [
    (table("contact_rule_pack/default.toml"), read_rule_pack),
    (table("holiday_table/cn.toml"), read_holiday_table),
    (table("code_table/default.toml"), read_code_table),
    (table("concession_table/default.toml"), read_authority),
    (table("rate_table/default.toml"), read_rate_table),
    (table("bucket_table/default.toml"), lambda data: read_buckets(data["bucket"])),
    ({"rows": STAGES}, lambda data: read_stages(data["rows"])),
    (COMMISSION, lambda data: read_commission_table(data["rows"])),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just(date(2026, 1, 1)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def damaged(node: Any, draw: st.DataObject, depth: int = 0) -> Any:
    """Put something else in the place of one part, somewhere below the top."""
    if not isinstance(node, dict | list) or not node or (depth > 1 and draw.draw(st.integers(0, 3)) == 0):
        return draw.draw(anything)
    keys = list(node) if isinstance(node, dict) else range(len(node))
    key = draw.draw(st.sampled_from(keys))
    if isinstance(node, Mapping) and depth > 1 and draw.draw(st.integers(0, 5)) == 0:
        del node[key]
    else:
        node[key] = damaged(node[key], draw, depth + 1)
    return node


@pytest.mark.parametrize(("whole", "read"), READERS)
@given(draw=st.data())
def test_a_damaged_table_is_read_or_refused_with_a_sentence(
    whole: dict[str, Any], read: Callable[[Any], object], draw: st.DataObject
) -> None:
    # Any other exception than ValueError fails the test.
    with suppress(ValueError):
        read(damaged(copy.deepcopy(whole), draw))
