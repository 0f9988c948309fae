"""The contact rules of an agency: the base pack, and the rows by which it or a creditor makes them stricter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from anmi.casework.tables import contact_rule_pack, contact_rule_rows
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.contact_rules.facts import Channel
from anmi.core.contact_rules.pack_reader import read_rows
from anmi.core.contact_rules.rule_pack import Layer, RefusedOverrides, Severity, tighten
from anmi.core.contact_rules.rule_words import RULE_WORDS
from anmi.kit.errors import Conflict, Invalid, NotFound
from anmi.kit.ids import new_id
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.contact_gate import repository
from anmi.workbench.contact_gate.events import ContactRuleEnded, ContactRuleMade
from anmi.workbench.contact_gate.models import ContactRuleRow

TOPIC = "contact_rules"


class NotStricter(Conflict):
    """A row would allow what the base pack refuses."""

    code = "CONTACT_RULE_NOT_STRICTER"
    zh = "规则只可收紧，不可放宽：{rule_zh}（依据：{source_zh}）"
    en = "Rules can only be made stricter: {rule_en} (source: {source_en})"


class UnreadableRule(Invalid):
    """What was sent is no value of this rule; `detail` says what is expected."""

    code = "CONTACT_RULE_UNREADABLE"
    zh, en = "规则内容无法识别：{detail}", "The rule cannot be read: {detail}"


@dataclass(frozen=True, slots=True)
class RuleAsked:
    """A row that is to stand beside the base row of a rule; without a scope, in all of the rule's channels."""

    rule_id: str
    value: Any
    source: str
    effective_from: date | None = None
    effective_to: date | None = None
    scope: frozenset[Channel] | None = None
    creditor_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RuleView:
    """A row of the pack: of the base, without an id, or one of the agency's own."""

    id: UUID | None
    rule_id: str
    zh: str
    en: str
    value: Any
    source: str
    scope: tuple[Channel, ...]
    severity: Severity
    layer: Layer
    creditor_id: UUID | None
    creditor_name: str | None
    effective_from: date
    effective_to: date | None
    made_at: datetime | None
    made_by: UUID | None


class ContactRules:
    """The contact rules, on behalf of one caller."""

    def __init__(self, unit: UnitOfWork) -> None:
        self._unit = unit

    async def all(self) -> tuple[str, list[RuleView]]:
        """Return the version of the base pack and every row that stands, each rule's own rows after its base rows."""
        own: dict[str, list[RuleView]] = {}
        for row, creditor_name in await repository.rule_rows(self._unit.session):
            own.setdefault(row.rule_id, []).append(_own(row, creditor_name))
        views: list[RuleView] = []
        for row in contact_rule_rows():
            views += [_base(row), *own.pop(row["rule_id"], ())]
        return contact_rule_pack().version, views

    async def tighten(self, asked: RuleAsked) -> RuleView:
        """Put a stricter row beside the base row; one that would loosen a rule is refused."""
        creditor_name = None
        if asked.creditor_id is not None:
            creditor_name = await repository.creditor_name(self._unit.session, asked.creditor_id)
            if creditor_name is None:
                raise NotFound
        body = self._checked(asked)
        row = ContactRuleRow(
            id=new_id(),
            tenant_id=self._unit.tenant_id,
            creditor_id=asked.creditor_id,
            rule_id=asked.rule_id,
            body=body,
            effective_from=self._first_day(asked),
            effective_to=asked.effective_to,
            made_at=self._unit.now,
            made_by=self._unit.caller.person_id,
            version=1,
        )
        self._unit.session.add(row)
        self._remember(AuditAction.CONTACT_RULE_MADE, row)
        self._unit.announce(ContactRuleMade(row.id, row.creditor_id), TOPIC)
        return _own(row, creditor_name)

    async def end(self, row_id: UUID) -> None:
        """Let a row hold no longer, from now on; what was decided by it stays as it was."""
        row = await repository.held_rule_row(self._unit.session, row_id)
        if row is None:
            raise NotFound
        row.ended_at, row.ended_by = self._unit.now, self._unit.caller.person_id
        row.version += 1
        self._remember(AuditAction.CONTACT_RULE_ENDED, row)
        self._unit.announce(ContactRuleEnded(row.id, row.creditor_id), TOPIC)

    def _checked(self, asked: RuleAsked) -> dict[str, Any]:
        layer = Layer.CREDITOR if asked.creditor_id else Layer.TENANT
        pack = contact_rule_pack()
        everywhere = frozenset[Channel]().union(*(row.scope for row in pack.rows if row.rule_id == asked.rule_id))
        body = {
            "value": asked.value,
            "source": asked.source,
            "scope": sorted(asked.scope or everywhere),
            "severity": Severity.CONTRACT if layer is Layer.CREDITOR else Severity.HOUSE,
        }
        days = {"effective_from": self._first_day(asked)}
        if asked.effective_to is not None:
            days["effective_to"] = asked.effective_to
            if asked.effective_to < days["effective_from"]:
                raise UnreadableRule(detail="effective_to < effective_from")
        try:
            rows = read_rows([{"rule_id": asked.rule_id} | body | days])
        except ValueError as error:
            raise UnreadableRule(detail=str(error)) from error
        tightened = tighten(pack, rows, layer)
        if isinstance(tightened, RefusedOverrides):
            source, words = tightened.loosenings[0].row.source, RULE_WORDS[asked.rule_id]
            raise NotStricter(
                rule_id=asked.rule_id, rule_zh=words.zh, rule_en=words.en, source_zh=source, source_en=source
            )
        return body

    def _first_day(self, asked: RuleAsked) -> date:
        return asked.effective_from or in_china(self._unit.now).date()

    def _remember(self, action: AuditAction, row: ContactRuleRow) -> None:
        self._unit.remember(
            action,
            ("contact_rule", row.id),
            rule_id=row.rule_id,
            creditor_id=row.creditor_id,
            value=row.body["value"],
            scope=row.body["scope"],
            effective_from=row.effective_from,
            effective_to=row.effective_to,
        )


def _base(row: Mapping[str, Any]) -> RuleView:
    words = RULE_WORDS[row["rule_id"]]
    return RuleView(
        id=None,
        rule_id=row["rule_id"],
        zh=words.zh,
        en=words.en,
        value=row["value"],
        source=row["source"],
        scope=tuple(Channel(name) for name in row["scope"]),
        severity=Severity(row["severity"]),
        layer=Layer.BASE,
        creditor_id=None,
        creditor_name=None,
        effective_from=row["effective_from"],
        effective_to=row.get("effective_to"),
        made_at=None,
        made_by=None,
    )


def _own(row: ContactRuleRow, creditor_name: str | None) -> RuleView:
    words = RULE_WORDS[row.rule_id]
    return RuleView(
        id=row.id,
        rule_id=row.rule_id,
        zh=words.zh,
        en=words.en,
        value=row.body["value"],
        source=row.body["source"],
        scope=tuple(Channel(name) for name in row.body["scope"]),
        severity=Severity(row.body["severity"]),
        layer=Layer.CREDITOR if row.creditor_id else Layer.TENANT,
        creditor_id=row.creditor_id,
        creditor_name=creditor_name,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        made_at=row.made_at,
        made_by=row.made_by,
    )
