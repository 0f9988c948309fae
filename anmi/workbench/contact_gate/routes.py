"""The gate over HTTP: asked before every contact, told of every outcome, and its rules tightened."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.workbench.contact_gate.rules import ContactRules
from anmi.workbench.contact_gate.schemas import (
    CaseGateSeen,
    ContactOutcome,
    ContactToMake,
    DecisionSeen,
    RuleSeen,
    RulesSeen,
    RuleToTighten,
)
from anmi.workbench.contact_gate.service import ContactGate

router = room("/workbench")

works = requires(Permission.CASES_WORK)


@router.get("/contact-gate/cases/{id}", dependencies=[requires(Permission.CASES_READ)])
async def explain_contacts(unit: Unit, case_id: Id) -> CaseGateSeen:
    """Say for each number and address of a case's debtor whether it may be used now, why not, and from when."""
    return CaseGateSeen.model_validate(await ContactGate(unit).explain(case_id))


@router.post("/attempts", status_code=201, dependencies=[works])
async def reserve_contact(unit: Unit, body: ContactToMake) -> DecisionSeen:
    """Decide about a contact and reserve it; a refusal is an answer too, and kept like every other."""
    return DecisionSeen.model_validate(await ContactGate(unit).reserve(body.asked()))


@router.post("/attempts/{id}/outcome", status_code=204, dependencies=[works])
async def end_contact(unit: Unit, attempt_id: Id, body: ContactOutcome) -> None:
    """Say what became of a contact that was allowed."""
    await ContactGate(unit).end(attempt_id, body.outcome, body.number_state)


@router.get("/contact-rules", dependencies=[requires(Permission.CONTACT_RULES_READ)])
async def list_contact_rules(unit: Unit) -> RulesSeen:
    """Return the base pack and what the agency and its creditors made stricter."""
    version, rows = await ContactRules(unit).all()
    return RulesSeen(version=version, rows=[RuleSeen.model_validate(row) for row in rows])


@router.post("/contact-rules", status_code=201, dependencies=[requires(Permission.CONTACT_RULES_WRITE)])
async def tighten_contact_rule(unit: Unit, body: RuleToTighten) -> RuleSeen:
    """Make a rule stricter; what would loosen it is refused."""
    return RuleSeen.model_validate(await ContactRules(unit).tighten(body.asked()))


@router.delete("/contact-rules/{id}", status_code=204, dependencies=[requires(Permission.CONTACT_RULES_WRITE)])
async def end_contact_rule(unit: Unit, row_id: Id) -> None:
    """Let a stricter row hold no longer."""
    await ContactRules(unit).end(row_id)
