"""Reading the log, which the log remembers, and proving that nobody has touched it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from anmi.core.audit_actions import AUDIT_WORDS, AuditAction, Outcome
from anmi.core.permissions import Permission, Words
from anmi.identity.audit import repository
from anmi.identity.audit.anchors import Anchors
from anmi.identity.people.models import NAME
from anmi.kit import audit
from anmi.kit.audit import AuditEntry
from anmi.kit.audit_chain import Fault, FaultKind
from anmi.kit.paging import BadCursor
from anmi.kit.unit_of_work import UnitOfWork

_LARGEST_SEQ: Final = 2**63 - 1

FAULT_WORDS: Final[dict[FaultKind, Words]] = {
    FaultKind.CHANGED: Words("第 {seq} 条被篡改", "Entry {seq} was changed"),
    FaultKind.MISSING: Words("第 {seq} 条被删除", "Entry {seq} was removed"),
    FaultKind.INSERTED: Words("第 {seq} 条是伪造插入的", "Entry {seq} was forged and inserted"),
    FaultKind.MOVED: Words("第 {seq} 条被调换，原为第 {belongs} 条", "Entry {seq} was moved; it was entry {belongs}"),
    FaultKind.CUT: Words("末尾的第 {seq} 条被删除", "Entry {seq} was cut off the end"),
    FaultKind.HEAD: Words("链尾记录被篡改（第 {seq} 条）", "The head of the chain was changed (at entry {seq})"),
}
RANGE_WORDS: Final[dict[FaultKind, Words]] = {
    FaultKind.MISSING: Words("第 {seq} 至 {last} 条被删除", "Entries {seq} to {last} were removed"),
    FaultKind.CUT: Words("末尾的第 {seq} 至 {last} 条被删除", "Entries {seq} to {last} were cut off the end"),
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries to show. `target` is a kind (`person`), an id, or both (`person:0192…`)."""

    actor: UUID | None = None
    action: AuditAction | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry, with the name of whoever caused it as far as she is known here."""

    entry: AuditEntry
    actor_name: str | None
    words: Words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain has shown."""

    entries: int
    faults: Sequence[Fault]


class AuditLog:
    """The log of one agency, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def search(self, wanted: LogFilter, limit: int, after: str | None) -> tuple[list[EntryView], str | None]:
        """Return a page of entries, the newest first. A search is remembered once, not with every page."""
        found = await repository.entries(self._unit.session, self._conditions(wanted), _place(after), limit + 1)
        if after is None:
            sought = {name: value for name, value in asdict(wanted).items() if value is not None}
            self._unit.remember(AuditAction.AUDIT_READ, sought=sought)
        shown = found[:limit]
        names = await self._names({entry.actor_id for entry in shown if entry.actor_id})
        views = [EntryView(entry, names.get(entry.actor_id), words_of(entry.action)) for entry in shown]
        return views, str(shown[-1].seq) if len(found) > limit else None

    async def verify(self, anchors: Anchors) -> Verdict:
        """Walk the whole chain and name whatever is wrong with it."""
        tenant_id = self._unit.tenant_id
        entries, faults = await audit.verify(self._unit.session, self._unit.keyring, tenant_id, anchors.of(tenant_id))
        outcome = Outcome.FAILED if faults else Outcome.DONE
        self._unit.remember(AuditAction.AUDIT_VERIFIED, outcome=outcome, entries=entries, faults=len(faults))
        return Verdict(entries, faults)

    def _conditions(self, wanted: LogFilter) -> list[ColumnElement[bool]]:
        reach = self._unit.rights.of(Permission.AUDIT_READ)
        # Row-level security fences the agency in already; the index is found through its column.
        conditions: list[ColumnElement[bool]] = [AuditEntry.tenant_id == self._unit.tenant_id]
        if not reach.everything:
            conditions.append(repository.done_within(reach, self._unit.caller.person_id))
        if wanted.actor is not None:
            conditions.append(AuditEntry.actor_id == wanted.actor)
        if wanted.action is not None:
            conditions.append(AuditEntry.action == wanted.action)
        if wanted.outcome is not None:
            conditions.append(AuditEntry.outcome == wanted.outcome)
        if wanted.since is not None:
            conditions.append(AuditEntry.at >= wanted.since)
        if wanted.until is not None:
            conditions.append(AuditEntry.at < wanted.until)
        if wanted.target:
            kind, _, name = wanted.target.partition(":")
            is_either = (AuditEntry.target_kind == kind) | (AuditEntry.target_id == kind)
            is_both = (AuditEntry.target_kind == kind) & (AuditEntry.target_id == name)
            conditions.append(is_both if name else is_either)
        return conditions

    async def _names(self, person_ids: set[UUID]) -> dict[UUID | None, str]:
        sealed = await repository.sealed_names(self._unit.session, person_ids) if person_ids else {}
        return {person_id: self._unit.open(NAME, name) for person_id, name in sealed.items()}


def words_of(action: str) -> Words:
    """Return the words for an action; one that this version does not know speaks for itself."""
    return next((words for known, words in AUDIT_WORDS.items() if known == action), Words(action, action))


def sentence_of(fault: Fault) -> Words:
    """Say in both languages what is wrong."""
    words = RANGE_WORDS[fault.kind] if fault.last > fault.seq else FAULT_WORDS[fault.kind]
    facts: dict[str, Any] = asdict(fault)
    return Words(words.zh.format_map(facts), words.en.format_map(facts))


def _place(after: str | None) -> int | None:
    if after is None:
        return None
    if not after.isascii() or not after.isdecimal() or int(after) > _LARGEST_SEQ:
        raise BadCursor
    return int(after)


async def last_change(unit: UnitOfWork, thing_id: UUID) -> dict[str, Any]:
    """Say who changed a thing last, and when, as far as the log of the last day tells."""
    entry = await repository.last_about(unit.session, thing_id, unit.now - timedelta(days=1))
    if entry is None:
        return {}
    sealed = await repository.sealed_names(unit.session, [entry.actor_id] if entry.actor_id else [])
    names = [unit.open(NAME, name) for name in sealed.values()]
    return {"changed_by": names[0] if names else None, "changed_at": entry.at}
