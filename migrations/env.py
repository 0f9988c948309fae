"""Alembic's entry: runs the migrations on the connection it is handed."""

from __future__ import annotations

from alembic import context

from anmi.kit import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.load().metadata,
    compare_type=True,
    include_name=lambda name, kind, parents: not (kind == "table" and name and name.startswith("pgqueuer")),
)
with context.begin_transaction():
    context.run_migrations()
