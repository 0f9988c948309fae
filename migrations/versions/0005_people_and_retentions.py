"""People get skills, level and regions; creditors are asked to leave cases longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty = sa.text("'{}'")
    op.add_column("people", sa.Column("skills", sa.ARRAY(sa.String()), nullable=False, server_default=empty))
    op.add_column("people", sa.Column("level", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("people", sa.Column("regions", sa.ARRAY(sa.String()), nullable=False, server_default=empty))
    op.add_column("people", sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=True))
    for column in ("skills", "level", "regions"):
        op.alter_column("people", column, server_default=None)
    op.create_table(
        "retention_requests",
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["placements.id"], name=op.f("fk_retention_requests_placement_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_retention_requests_case_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_retention_requests_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_requests")),
    )
    op.create_index(op.f("ix_retention_requests_case_id"), "retention_requests", ["case_id"])
    op.create_index(op.f("ix_retention_requests_placement_id"), "retention_requests", ["placement_id"])
    op.create_index(op.f("ix_retention_requests_tenant_id"), "retention_requests", ["tenant_id"])
    op.create_index(
        "uq_retention_requests_waiting",
        "retention_requests",
        ["placement_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_table("retention_requests")
    for column in ("enabled_at", "regions", "level", "skills"):
        op.drop_column("people", column)
