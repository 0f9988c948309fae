"""The log as HTTP sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from anmi.core.audit_actions import Outcome
from anmi.identity.audit.service import EntryView, Verdict, sentence_of
from anmi.kit.audit_chain import Fault, FaultKind

MOST_FAULTS = 1000
"""Faults told of in one answer; a log with more is beyond reading line by line."""


class ActorSeen(BaseModel):
    """Who did it: a person of the agency, or a token, which has no name."""

    id: UUID
    name: str | None


class TargetSeen(BaseModel):
    """What it was about."""

    kind: str
    id: str


class EntrySeen(BaseModel):
    """An entry of the log; nobody stands behind what the system did by itself."""

    seq: int
    at: datetime
    actor_kind: str
    actor: ActorSeen | None
    ip: str
    device: str
    action: str
    action_zh: str
    action_en: str
    target: TargetSeen | None
    outcome: Outcome
    facts: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, view: EntryView) -> EntrySeen:
        """Show an entry."""
        entry = view.entry
        return cls(
            seq=entry.seq,
            at=entry.at,
            actor_kind=entry.actor_kind,
            actor=ActorSeen(id=entry.actor_id, name=view.actor_name) if entry.actor_id else None,
            ip=entry.ip,
            device=entry.device,
            action=entry.action,
            action_zh=view.words.zh,
            action_en=view.words.en,
            target=TargetSeen(kind=entry.target_kind, id=entry.target_id or "") if entry.target_kind else None,
            outcome=Outcome(entry.outcome),
            facts=entry.facts,
            hash=entry.digest.hex(),
        )


class FaultSeen(BaseModel):
    """Something that is wrong with the chain; `last` ends a range."""

    seq: int
    last: int
    fault: FaultKind
    sentence_zh: str
    sentence_en: str

    @classmethod
    def of(cls, fault: Fault) -> FaultSeen:
        """Show a fault."""
        words = sentence_of(fault)
        return cls(seq=fault.seq, last=fault.last, fault=fault.kind, sentence_zh=words.zh, sentence_en=words.en)


class VerdictSeen(BaseModel):
    """What a walk along the whole chain has shown; `faults` are the first thousand of `fault_count`."""

    entries: int
    intact: bool
    fault_count: int
    faults: list[FaultSeen]

    @classmethod
    def of(cls, verdict: Verdict) -> VerdictSeen:
        """Show a verdict."""
        return cls(
            entries=verdict.entries,
            intact=not verdict.faults,
            fault_count=len(verdict.faults),
            faults=[FaultSeen.of(fault) for fault in verdict.faults[:MOST_FAULTS]],
        )
