"""The rule pack that comes with Anmi, compiled once."""

from __future__ import annotations

import pytest

from anmi.core.inspection.inspect import Inspector
from anmi.quality.rules.loader import rule_pack


@pytest.fixture(scope="session")
def inspector() -> Inspector:
    return Inspector(rule_pack())
