"""Every SQL statement of the gate.

The gate is in the dial path: what a decision stands on is read in one statement, and a decision's own three statements
go straight to psycopg, for the way around it costs as much as they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import class_row
from psycopg.types.json import Jsonb
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anmi.casework.creditors.models import Creditor
from anmi.core.case_life import State
from anmi.core.contact_rules.facts import OF_THE_PERSON, Channel, Outcome, Purpose
from anmi.core.contact_rules.verdicts import Refused
from anmi.workbench.contact_gate.models import ContactRuleRow

# Holds about the person hold in all of her cases. The history is hers in every case, whoever made it, and that of her
# numbers, whoever else was called there.
_GATHER: Final = """
SELECT c.debtor_id, c.creditor_id, c.unit_id, c.holder_id, c.state, p.state AS placement_state,
       (SELECT training_valid_until FROM people WHERE id = %(person_id)s) AS training_valid_until,
       (SELECT json_agg(json_build_array(h.reason, h.effect, h.until) ORDER BY h.placed_at)
          FROM holds h JOIN cases o ON o.id = h.case_id
         WHERE h.lifted_at IS NULL AND o.debtor_id = c.debtor_id
           AND (o.id = c.id OR h.reason = ANY(%(of_the_person)s))) AS holds,
       (SELECT json_agg(json_build_array(f.flag, f.flagged_at, f.reviewed_until IS NOT NULL) ORDER BY f.flagged_at)
          FROM special_flags f WHERE f.debtor_id = c.debtor_id AND f.removed_at IS NULL) AS flags,
       ARRAY(SELECT due_on FROM promises WHERE case_id = c.id AND state = 'open'
             UNION
             SELECT i.due_on FROM installments i JOIN payment_plans l ON l.id = i.plan_id
              WHERE l.case_id = c.id AND l.state = 'open' AND i.received_fen < i.amount_fen) AS due_on,
       EXISTS (SELECT FROM payment_plans WHERE case_id = c.id AND state = 'open') AS has_agreement,
       (SELECT json_agg(json_build_array(
                 n.id, n.relation, encode(n.number_index, 'hex'), n.source, n.state, encode(n.name_sealed, 'hex'),
                 n.asked_to_stop_at IS NOT NULL,
                 EXISTS (SELECT FROM suppression_list s WHERE s.number_index = n.number_index)
               ) ORDER BY n.relation <> 'debtor', n.created_at, n.id)
          FROM phones n WHERE n.debtor_id = c.debtor_id) AS phones,
       (SELECT json_agg(json_build_array(a.id, a.source) ORDER BY a.created_at, a.id)
          FROM addresses a WHERE a.debtor_id = c.debtor_id) AS addresses,
       (SELECT json_agg(json_build_array(h.at, h.channel, encode(h.number_index, 'hex'), h.address_id, h.outcome))
          FROM (SELECT id, coalesce(confirmed_at, at) AS at, channel, number_index, address_id, outcome
                  FROM contact_attempts
                 WHERE debtor_id = c.debtor_id AND at >= %(since)s AND allowed
                UNION ALL
                SELECT t.id, coalesce(t.confirmed_at, t.at), t.channel, t.number_index, t.address_id, t.outcome
                  FROM phones n
                  JOIN contact_attempts t ON t.number_index = n.number_index AND t.debtor_id <> n.debtor_id
                 WHERE n.debtor_id = c.debtor_id AND t.at >= %(since)s AND t.allowed) h
         WHERE h.id IS DISTINCT FROM %(without)s) AS history,
       (SELECT jsonb_agg(r.body || jsonb_strip_nulls(jsonb_build_object(
                 'row_id', r.id, 'creditor_id', r.creditor_id, 'rule_id', r.rule_id,
                 'effective_from', r.effective_from, 'effective_to', r.effective_to)) ORDER BY r.id)::text
          FROM contact_rule_rows r
         WHERE r.ended_at IS NULL AND (r.creditor_id IS NULL OR r.creditor_id = c.creditor_id)) AS overrides
  FROM cases c JOIN placements p ON p.id = c.placement_id
 WHERE c.id = %(case_id)s
"""

# Two kinds of turns are waited for, always in this order, so that no two transactions wait for each other.
_TURN: Final = """
SELECT pg_advisory_xact_lock(hashtextextended(c.debtor_id::text, 1)),
       pg_advisory_xact_lock(hashtextextended((SELECT encode(n.number_index, 'hex') FROM phones n
                                                WHERE n.id = %(phone_id)s), 2))
  FROM cases c WHERE c.id = %(case_id)s
"""
_TURN_AGAIN: Final = """
SELECT pg_advisory_xact_lock(hashtextextended(c.debtor_id::text, 1)),
       pg_advisory_xact_lock(hashtextextended((SELECT encode(n.number_index, 'hex') FROM phones n
                                                WHERE n.id = a.phone_id), 2))
  FROM contact_attempts a JOIN cases c ON c.id = a.case_id WHERE a.id = %s
"""
_HELD: Final = """
SELECT a.id, a.case_id, a.debtor_id, a.phone_id, a.address_id, a.channel, a.purpose, a.at, a.by, a.facts, a.outcome,
       c.state AS case_state, c.unit_id, c.holder_id
  FROM contact_attempts a JOIN cases c ON c.id = a.case_id WHERE a.id = %s FOR NO KEY UPDATE OF a
"""
_CONFIRM: Final = """
UPDATE contact_attempts
   SET allowed = %(allowed)s, outcome = %(outcome)s, ended_at = %(ended_at)s, confirmed_at = %(confirmed_at)s,
       rule_id = %(rule_id)s, reason = %(reason)s, until = %(until)s, pack_version = %(pack_version)s,
       confirmation_facts = %(facts)s
 WHERE id = %(attempt_id)s
"""
_END: Final = "UPDATE contact_attempts SET outcome = %s, ended_at = %s WHERE id = %s"
_WRITE: Final = """
INSERT INTO contact_attempts
       (id, tenant_id, case_id, debtor_id, phone_id, number_index, address_id, channel, purpose, at, by, allowed,
        rule_id, reason, until, pack_version, facts, outcome)
VALUES (%(id)s, %(tenant_id)s, %(case_id)s, %(debtor_id)s, %(phone_id)s, %(number_index)s, %(address_id)s,
        %(channel)s, %(purpose)s, %(at)s, %(by)s, %(allowed)s, %(rule_id)s, %(reason)s, %(until)s, %(pack_version)s,
        %(facts)s, %(outcome)s)
"""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is read of a case, its debtor and the person who would make the contact; lists are rows as JSON."""

    debtor_id: UUID
    creditor_id: UUID
    unit_id: UUID | None
    holder_id: UUID | None
    state: str
    placement_state: str
    training_valid_until: date | None
    holds: list[list[Any]] | None
    flags: list[list[Any]] | None
    due_on: list[date]
    has_agreement: bool
    phones: list[list[Any]] | None
    addresses: list[list[Any]] | None
    history: list[list[Any]] | None
    overrides: str | None


@dataclass(frozen=True, slots=True)
class HeldAttempt:
    """An attempt that is held, and how its case stands."""

    id: UUID
    case_id: UUID
    debtor_id: UUID
    phone_id: UUID | None
    address_id: UUID | None
    channel: Channel
    purpose: Purpose
    at: datetime
    by: UUID | None
    facts: dict[str, Any]
    outcome: Outcome | None
    case_state: State
    unit_id: UUID | None
    holder_id: UUID | None

    def __post_init__(self) -> None:
        for name, kind in (("channel", Channel), ("purpose", Purpose), ("case_state", State)):
            object.__setattr__(self, name, kind(getattr(self, name)))
        object.__setattr__(self, "outcome", Outcome(self.outcome) if self.outcome else None)


async def take_turn(driver: AsyncConnection[Any], case_id: UUID, phone_id: UUID | None) -> None:
    """Wait until nobody else decides about this debtor or this number, until the transaction ends.

    What is read by the next statement is what the others left.
    """
    await driver.execute(_TURN, {"case_id": case_id, "phone_id": phone_id})


async def gather(
    driver: AsyncConnection[Any], case_id: UUID, person_id: UUID | None, since: datetime, without: UUID | None
) -> Gathering | None:
    """Return everything a decision about a case stands on; one attempt may be left out of the history."""
    asked = {
        "case_id": case_id,
        "person_id": person_id,
        "since": since,
        "without": without,
        "of_the_person": sorted(OF_THE_PERSON),
    }
    cursor = AsyncCursor(driver, row_factory=class_row(Gathering))
    return await (await cursor.execute(_GATHER, asked)).fetchone()


async def write(driver: AsyncConnection[Any], facts: Mapping[str, Any], **attempt: Any) -> None:
    """Write a decision down."""
    await driver.execute(_WRITE, {**attempt, "facts": Jsonb(facts)})


async def take_turn_again(driver: AsyncConnection[Any], attempt_id: UUID) -> None:
    """Wait as `take_turn` does, for whom and what an attempt was reserved."""
    await driver.execute(_TURN_AGAIN, (attempt_id,))


async def held_attempt(driver: AsyncConnection[Any], attempt_id: UUID) -> HeldAttempt | None:
    """Return an attempt as it is now, held until the transaction ends."""
    cursor = AsyncCursor(driver, row_factory=class_row(HeldAttempt))
    return await (await cursor.execute(_HELD, (attempt_id,))).fetchone()


async def confirm(
    driver: AsyncConnection[Any], attempt_id: UUID, refused: Refused | None, at: datetime, **kept: Any
) -> None:
    """Write the second answer down: what is refused has an end, and counts for nothing."""
    told = {
        "allowed": refused is None,
        "outcome": Outcome.RESERVED if refused is None else None,
        "confirmed_at": at if refused is None else None,
        "ended_at": at if refused else None,
        "rule_id": refused.rule_id if refused else None,
        "reason": refused.reason if refused else None,
        "until": refused.until if refused else None,
    }
    await driver.execute(_CONFIRM, told | kept | {"attempt_id": attempt_id, "facts": Jsonb(kept["facts"])})


async def end(driver: AsyncConnection[Any], attempt_id: UUID, outcome: Outcome, at: datetime) -> None:
    """Write down what became of a contact."""
    await driver.execute(_END, (outcome, at, attempt_id))


async def rule_rows(session: AsyncSession) -> list[tuple[ContactRuleRow, str | None]]:
    """Return the rows that stand, with the creditors' names."""
    query = (
        select(ContactRuleRow, Creditor.name)
        .outerjoin(Creditor, Creditor.id == ContactRuleRow.creditor_id)
        .where(ContactRuleRow.ended_at.is_(None))
        .order_by(ContactRuleRow.rule_id, ContactRuleRow.made_at)
    )
    return [(row, name) for row, name in (await session.execute(query)).all()]


async def held_rule_row(session: AsyncSession, row_id: UUID) -> ContactRuleRow | None:
    """Return a row that stands, held until the transaction ends."""
    query = select(ContactRuleRow).where(ContactRuleRow.id == row_id, ContactRuleRow.ended_at.is_(None))
    return (await session.scalars(query.with_for_update())).one_or_none()


async def creditor_name(session: AsyncSession, creditor_id: UUID) -> str | None:
    """Return the name of a creditor of this agency."""
    return (await session.scalars(select(Creditor.name).where(Creditor.id == creditor_id))).one_or_none()
