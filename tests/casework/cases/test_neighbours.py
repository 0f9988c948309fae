"""What cases believes of other rooms' tables is what their models say."""

from __future__ import annotations

import pytest
from sqlalchemy.sql.expression import TableClause

from anmi.casework.cases import neighbours
from anmi.kit.tables import load


@pytest.mark.parametrize("described", neighbours.ALL, ids=lambda described: described.name)
def test_a_neighbours_table_is_as_its_model_says(described: TableClause) -> None:
    real = load().metadata.tables[described.name]
    for column in described.columns:
        assert column.type.python_type in {real.columns[column.name].type.python_type, str}, column.name
