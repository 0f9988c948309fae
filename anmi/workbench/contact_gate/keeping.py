"""What is kept of a decision: the facts it stood on, without a word about a person; and the attempt they tell of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from anmi.core.contact_rules.facts import (
    VOICE,
    WRITTEN,
    Attempt,
    Caller,
    CallerKind,
    DialingMode,
    Facts,
    Outcome,
    PastContact,
)
from anmi.workbench.contact_gate.gathering import Contactable, Gathered
from anmi.workbench.contact_gate.repository import HeldAttempt


def facts_kept(gathered: Gathered, attempt: Attempt) -> dict[str, Any]:
    """Return what a decision stood on, as it is kept with it: codes, ids, days and counts, and nothing of a person."""
    facts, caller = gathered.facts, attempt.caller
    return {
        "case_state": facts.case_state,
        "placement": facts.placement,
        "relation": attempt.party.relation,
        "asked_to_stop": attempt.party.asked_to_stop,
        "source": attempt.point.source,
        "number_state": attempt.point.state,
        "suppressed": attempt.point.is_suppressed,
        "debtor_numbers": list(facts.debtor_numbers),
        "holds": [[hold.reason, hold.effect, _iso(hold.until)] for hold in facts.holds],
        "flags": [[flag.kind, _iso(flag.since), flag.is_reviewed] for flag in facts.flags],
        "due_on": sorted(day.isoformat() for day in facts.due_on),
        "has_agreement": facts.has_agreement,
        "caller": caller.kind,
        "training_valid_until": caller.training_valid_until.isoformat() if caller.training_valid_until else None,
        "announces_ai": caller.announces_ai,
        "can_hand_over": caller.can_hand_over,
        "mode": attempt.mode,
        "can_record": attempt.can_record,
        "visitors": attempt.visitors,
        "overrides": list(gathered.override_ids),
        "history": _history_kept(attempt, facts),
    }


def _history_kept(attempt: Attempt, facts: Facts) -> dict[str, Any]:
    def is_today(past: PastContact) -> bool:
        return past.at.date() == facts_today

    facts_today = attempt.at.date()
    party = [past for past in facts.history if past.party_id == attempt.party.party_id]
    point = [past for past in facts.history if past.point_id == attempt.point.point_id]
    counted = [past for past in party if past.outcome in {Outcome.EFFECTIVE, Outcome.RESERVED}]
    last = max((past.at for past in party + point if past.channel in VOICE), default=None)
    return {
        "contacts": len(facts.history),
        "effective_today": sum(past.channel in VOICE and is_today(past) for past in counted),
        "on_number_today": sum(past.channel in VOICE and is_today(past) for past in point),
        "written": sum(past.channel in WRITTEN for past in party),
        "last_call_at": _iso(last),
    }


def attempt_again(kept: HeldAttempt, gathered: Gathered, contactable: Contactable, at: datetime) -> Attempt:
    """Return an attempt that was kept, as it would be made at another moment: it is tried by who tried it before."""
    facts = kept.facts
    return Attempt(
        at,
        kept.channel,
        kept.purpose,
        contactable.party,
        contactable.point,
        _caller_again(facts, gathered.training_valid_until),
        DialingMode(facts["mode"]),
        facts["can_record"],
        facts["visitors"],
    )


def _caller_again(facts: dict[str, Any], trained_until: date | None) -> Caller:
    kind = CallerKind(facts["caller"])
    return Caller(
        kind,
        trained_until if kind is CallerKind.COLLECTOR else _day(facts["training_valid_until"]),
        facts["announces_ai"],
        facts["can_hand_over"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
