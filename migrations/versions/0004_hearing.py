"""hearing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A trusted extension: the owner of the database may make it. Chinese is searched by parts of words.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "quality_packs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "proposed", "published", "retired", "rejected", name="packstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("based_on", sa.String(), nullable=False),
        sa.Column("drafted_by", sa.Uuid(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trial", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_quality_packs_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_packs")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_quality_packs_tenant_id_number")),
    )
    op.create_index(
        "ix_quality_packs_published",
        "quality_packs",
        ["tenant_id"],
        unique=True,
        postgresql_where="state = 'published'",
    )
    op.create_index(op.f("ix_quality_packs_tenant_id"), "quality_packs", ["tenant_id"], unique=False)
    op.create_table(
        "scorecards",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("passing", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_scorecards_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecards")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_scorecards_tenant_id_name")),
    )
    op.create_index(op.f("ix_scorecards_tenant_id"), "scorecards", ["tenant_id"], unique=False)
    op.create_table(
        "criteria",
        sa.Column("scorecard_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("zh", sa.String(), nullable=False),
        sa.Column("en", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("is_critical", sa.Boolean(), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scorecard_id"], ["scorecards.id"], name=op.f("fk_criteria_scorecard_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_criteria_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("scorecard_id", "code", name=op.f("uq_criteria_scorecard_id_code")),
    )
    op.create_index(op.f("ix_criteria_tenant_id"), "criteria", ["tenant_id"], unique=False)
    op.create_table(
        "inspections",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "by_machine",
                "queued",
                "taken",
                "inspected",
                "reinspected",
                name="inspectionstate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "queued_for",
            sa.Enum(
                "critical",
                "doubtful",
                "random",
                "alarm",
                "appeal",
                "complaint",
                "asked",
                name="queuedfor",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("pack_version", sa.String(), nullable=False),
        sa.Column("scorecard_id", sa.Uuid(), nullable=True),
        sa.Column("machine_score", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("is_vetoed", sa.Boolean(), nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("extracted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("inspected_by_machine_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("inspector_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("blind_judges", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_inspections_call_id")),
        sa.ForeignKeyConstraint(["inspector_id"], ["people.id"], name=op.f("fk_inspections_inspector_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_inspections_person_id")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecards.id"], name=op.f("fk_inspections_scorecard_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_inspections_tenant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_inspections_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("call_id", name=op.f("uq_inspections_call_id")),
    )
    op.create_index("ix_inspections_person", "inspections", ["person_id", "called_at"], unique=False)
    op.create_index(
        "ix_inspections_queue", "inspections", ["tenant_id", "state", "priority", "called_at"], unique=False
    )
    op.create_index(op.f("ix_inspections_tenant_id"), "inspections", ["tenant_id"], unique=False)
    op.create_index("ix_inspections_unit", "inspections", ["tenant_id", "unit_id", "called_at"], unique=False)
    op.create_table(
        "utterances",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False),
        sa.Column("began_ms", sa.Integer(), nullable=False),
        sa.Column("ended_ms", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sounds", sa.String(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_utterances_call_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_utterances_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_utterances")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_utterances_call_id_number")),
    )
    op.create_index(
        "ix_utterances_sounds",
        "utterances",
        ["sounds"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"sounds": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_utterances_tenant_id"), "utterances", ["tenant_id"], unique=False)
    op.create_index(
        "ix_utterances_text",
        "utterances",
        ["text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"text": "gin_trgm_ops"},
    )
    op.create_table(
        "findings",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("critical", "major", "minor", name="severity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("rule_id", sa.String(), nullable=True),
        sa.Column("rule_version", sa.String(), nullable=True),
        sa.Column("utterance", sa.Integer(), nullable=True),
        sa.Column("began_ms", sa.Integer(), nullable=True),
        sa.Column("ended_ms", sa.Integer(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("open", "agreed", "overruled", "added", name="verdict", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("verdict_by", sa.Uuid(), nullable=True),
        sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_findings_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_inspection_id"), "findings", ["inspection_id"], unique=False)
    op.create_index("ix_findings_rule", "findings", ["tenant_id", "rule_id", "verdict"], unique=False)
    op.create_index(op.f("ix_findings_tenant_id"), "findings", ["tenant_id"], unique=False)
    op.create_table(
        "transcripts",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("recording_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "written", "failed", "off", name="transcriptstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("is_damaged", sa.Boolean(), nullable=False),
        sa.Column("missed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_transcripts_call_id")),
        sa.ForeignKeyConstraint(["recording_id"], ["recordings.id"], name=op.f("fk_transcripts_recording_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_transcripts_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transcripts")),
        sa.UniqueConstraint("call_id", name=op.f("uq_transcripts_call_id")),
    )
    op.create_index(op.f("ix_transcripts_tenant_id"), "transcripts", ["tenant_id"], unique=False)
    op.create_index("ix_transcripts_waiting", "transcripts", ["state", "priority", "asked_at"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("finding_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "granted", "rejected", "withdrawn", name="appealstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_appeals_finding_id")),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_appeals_inspection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appeals_person_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_appeals_tenant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_appeals_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    op.create_index(op.f("ix_appeals_inspection_id"), "appeals", ["inspection_id"], unique=False)
    op.create_index("ix_appeals_open", "appeals", ["tenant_id", "state", "appealed_at"], unique=False)
    op.create_index(op.f("ix_appeals_tenant_id"), "appeals", ["tenant_id"], unique=False)
    op.create_table(
        "alarms",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("violation", "signal", "silence", "overlong", name="alarmkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum("critical", "major", "minor", name="severity", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("said_ms", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_released", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "escalated", "answered", name="alarmstatus", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("patience_seconds", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_to_unit_id", sa.Uuid(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "listened",
                "talked_to",
                "released",
                "unfounded",
                "work_order",
                name="alarmanswer",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_alarms_answered_by")),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_alarms_call_id")),
        sa.ForeignKeyConstraint(
            ["escalated_to_unit_id"], ["org_units.id"], name=op.f("fk_alarms_escalated_to_unit_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alarms_person_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_alarms_tenant_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["org_units.id"], name=op.f("fk_alarms_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_index("ix_alarms_at", "alarms", ["tenant_id", "at"], unique=False)
    op.create_index("ix_alarms_call", "alarms", ["call_id"], unique=False)
    op.create_index(op.f("ix_alarms_tenant_id"), "alarms", ["tenant_id"], unique=False)
    op.create_index(
        "ix_alarms_unanswered",
        "alarms",
        ["tenant_id", "deadline"],
        unique=False,
        postgresql_where="status <> 'answered'",
    )
    op.create_table(
        "live_lines",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("side", sa.Enum("debtor", "agent", name="side", native_enum=False, length=40), nullable=False),
        sa.Column("began_ms", sa.Integer(), nullable=False),
        sa.Column("ended_ms", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_live_lines_call_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_live_lines_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_lines")),
        sa.UniqueConstraint("call_id", "number", name=op.f("uq_live_lines_call_id_number")),
    )
    op.create_index(op.f("ix_live_lines_tenant_id"), "live_lines", ["tenant_id"], unique=False)
    op.create_table(
        "watch_policies",
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_watch_policies_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_policies")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_watch_policies_tenant_id")),
    )
    op.create_index(op.f("ix_watch_policies_tenant_id"), "watch_policies", ["tenant_id"], unique=False)
    op.create_table(
        "watched_calls",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("heard", "overloaded", "lost", name="hearingstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("so_far", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signals", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_watched_calls_call_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_watched_calls_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_calls")),
        sa.UniqueConstraint("call_id", name=op.f("uq_watched_calls_call_id")),
    )
    op.create_index(op.f("ix_watched_calls_tenant_id"), "watched_calls", ["tenant_id"], unique=False)
    op.create_table(
        "watchers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchers")),
        sa.UniqueConstraint("name", name=op.f("uq_watchers_name")),
    )
    op.create_table(
        "calibrations",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "state", sa.Enum("open", "closed", name="calibrationstate", native_enum=False, length=40), nullable=False
        ),
        sa.Column("called_by", sa.Uuid(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["called_by"], ["people.id"], name=op.f("fk_calibrations_called_by")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_calibrations_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibrations")),
    )
    op.create_index("ix_calibrations_called", "calibrations", ["tenant_id", "called_at"], unique=False)
    op.create_index(op.f("ix_calibrations_tenant_id"), "calibrations", ["tenant_id"], unique=False)
    op.create_table(
        "calibration_judges",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibrations.id"],
            name=op.f("fk_calibration_judges_calibration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calibration_judges_person_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_calibration_judges_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_judges")),
        sa.UniqueConstraint("calibration_id", "person_id", name=op.f("uq_calibration_judges_calibration_id_person_id")),
    )
    op.create_index(op.f("ix_calibration_judges_person_id"), "calibration_judges", ["person_id"], unique=False)
    op.create_index(op.f("ix_calibration_judges_tenant_id"), "calibration_judges", ["tenant_id"], unique=False)
    op.create_table(
        "calibration_calls",
        sa.Column("calibration_id", sa.Uuid(), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("machine", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("machine_score", sa.Integer(), nullable=False),
        sa.Column("pack_version", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibrations.id"],
            name=op.f("fk_calibration_calls_calibration_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["inspection_id"], ["inspections.id"], name=op.f("fk_calibration_calls_inspection_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_calibration_calls_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_calls")),
        sa.UniqueConstraint(
            "calibration_id", "inspection_id", name=op.f("uq_calibration_calls_calibration_id_inspection_id")
        ),
    )
    op.create_index(op.f("ix_calibration_calls_inspection_id"), "calibration_calls", ["inspection_id"], unique=False)
    op.create_index(op.f("ix_calibration_calls_tenant_id"), "calibration_calls", ["tenant_id"], unique=False)
    op.create_table(
        "calibration_ratings",
        sa.Column("calibration_call_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("found", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calibration_call_id"],
            ["calibration_calls.id"],
            name=op.f("fk_calibration_ratings_calibration_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calibration_ratings_person_id")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_calibration_ratings_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_ratings")),
        sa.UniqueConstraint(
            "calibration_call_id", "person_id", name=op.f("uq_calibration_ratings_calibration_call_id_person_id")
        ),
    )
    op.create_index(op.f("ix_calibration_ratings_person_id"), "calibration_ratings", ["person_id"], unique=False)
    op.create_index(op.f("ix_calibration_ratings_tenant_id"), "calibration_ratings", ["tenant_id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    op.drop_index(op.f("ix_calibration_ratings_tenant_id"), table_name="calibration_ratings")
    op.drop_index(op.f("ix_calibration_ratings_person_id"), table_name="calibration_ratings")
    op.drop_table("calibration_ratings")
    op.drop_index(op.f("ix_calibration_calls_tenant_id"), table_name="calibration_calls")
    op.drop_index(op.f("ix_calibration_calls_inspection_id"), table_name="calibration_calls")
    op.drop_table("calibration_calls")
    op.drop_index(op.f("ix_calibration_judges_tenant_id"), table_name="calibration_judges")
    op.drop_index(op.f("ix_calibration_judges_person_id"), table_name="calibration_judges")
    op.drop_table("calibration_judges")
    op.drop_index(op.f("ix_calibrations_tenant_id"), table_name="calibrations")
    op.drop_index("ix_calibrations_called", table_name="calibrations")
    op.drop_table("calibrations")
    op.drop_table("watchers")
    op.drop_index(op.f("ix_watched_calls_tenant_id"), table_name="watched_calls")
    op.drop_table("watched_calls")
    op.drop_index(op.f("ix_watch_policies_tenant_id"), table_name="watch_policies")
    op.drop_table("watch_policies")
    op.drop_index(op.f("ix_live_lines_tenant_id"), table_name="live_lines")
    op.drop_table("live_lines")
    op.drop_index("ix_alarms_unanswered", table_name="alarms", postgresql_where="status <> 'answered'")
    op.drop_index(op.f("ix_alarms_tenant_id"), table_name="alarms")
    op.drop_index("ix_alarms_call", table_name="alarms")
    op.drop_index("ix_alarms_at", table_name="alarms")
    op.drop_table("alarms")
    op.drop_index(op.f("ix_appeals_tenant_id"), table_name="appeals")
    op.drop_index("ix_appeals_open", table_name="appeals")
    op.drop_index(op.f("ix_appeals_inspection_id"), table_name="appeals")
    op.drop_table("appeals")
    op.drop_index("ix_transcripts_waiting", table_name="transcripts")
    op.drop_index(op.f("ix_transcripts_tenant_id"), table_name="transcripts")
    op.drop_table("transcripts")
    op.drop_index(op.f("ix_findings_tenant_id"), table_name="findings")
    op.drop_index("ix_findings_rule", table_name="findings")
    op.drop_index(op.f("ix_findings_inspection_id"), table_name="findings")
    op.drop_table("findings")
    op.drop_index(
        "ix_utterances_text", table_name="utterances", postgresql_using="gin", postgresql_ops={"text": "gin_trgm_ops"}
    )
    op.drop_index(op.f("ix_utterances_tenant_id"), table_name="utterances")
    op.drop_index(
        "ix_utterances_sounds",
        table_name="utterances",
        postgresql_using="gin",
        postgresql_ops={"sounds": "gin_trgm_ops"},
    )
    op.drop_table("utterances")
    op.drop_index("ix_inspections_unit", table_name="inspections")
    op.drop_index(op.f("ix_inspections_tenant_id"), table_name="inspections")
    op.drop_index("ix_inspections_queue", table_name="inspections")
    op.drop_index("ix_inspections_person", table_name="inspections")
    op.drop_table("inspections")
    op.drop_index(op.f("ix_criteria_tenant_id"), table_name="criteria")
    op.drop_table("criteria")
    op.drop_index(op.f("ix_scorecards_tenant_id"), table_name="scorecards")
    op.drop_table("scorecards")
    op.drop_index(op.f("ix_quality_packs_tenant_id"), table_name="quality_packs")
    op.drop_index("ix_quality_packs_published", table_name="quality_packs", postgresql_where="state = 'published'")
    op.drop_table("quality_packs")
    # ### end Alembic commands ###
