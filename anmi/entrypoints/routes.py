"""Every room that speaks HTTP, in the order of the menu."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from anmi.casework.activities.routes import router as activities
from anmi.casework.allocation.routes import router as allocation
from anmi.casework.cases.routes import router as cases
from anmi.casework.cases.routes import views_router as saved_views
from anmi.casework.commission.routes import router as commission
from anmi.casework.concessions.routes import plans_router as payment_plans
from anmi.casework.concessions.routes import router as concessions
from anmi.casework.creditors.routes import router as creditors
from anmi.casework.debtors.routes import router as debtors
from anmi.casework.holds.routes import cases_router as case_holds
from anmi.casework.holds.routes import flags_router as special_flags
from anmi.casework.holds.routes import router as holds
from anmi.casework.opening.routes import router as opening
from anmi.casework.payments.routes import router as payments
from anmi.casework.payments.statement_routes import lines_router as statement_lines
from anmi.casework.payments.statement_routes import router as statements
from anmi.casework.placements.routes import imports_router as imports
from anmi.casework.placements.routes import router as placements
from anmi.casework.promises.routes import router as promises
from anmi.casework.retentions.routes import router as retentions
from anmi.identity.audit.routes import router as audit
from anmi.identity.org_units.routes import router as org_units
from anmi.identity.people.routes import router as people
from anmi.identity.policy.routes import router as policy
from anmi.identity.roles.routes import router as roles
from anmi.identity.sessions.routes import router as sessions
from anmi.identity.tenants.routes import router as tenants
from anmi.identity.tokens.routes import router as tokens
from anmi.quality.alarms.routes import router as alarms
from anmi.quality.appeals.routes import router as appeals
from anmi.quality.calibrations.routes import router as calibrations
from anmi.quality.inspections.routes import router as inspections
from anmi.quality.live_watch.routes import router as live_watch
from anmi.quality.packs.routes import router as quality_packs
from anmi.quality.scorecards.routes import router as scorecards
from anmi.system.jobs.routes import router as jobs
from anmi.telephony.agents.routes import phone_router as phone
from anmi.telephony.agents.routes import router as agents
from anmi.telephony.caller_ids.routes import router as caller_ids
from anmi.telephony.calls.routes import router as calls
from anmi.telephony.floor.routes import router as floor
from anmi.telephony.recordings.routes import router as recordings
from anmi.telephony.records.routes import router as call_records
from anmi.telephony.transcripts.routes import router as transcripts
from anmi.telephony.trunks.routes import router as trunks
from anmi.workbench.calling.routes import router as calling
from anmi.workbench.contact_gate.routes import router as contact_gate
from anmi.workbench.dispositions.routes import router as dispositions
from anmi.workbench.packs.routes import router as packs
from anmi.workbench.today.routes import router as today
from anmi.workbench.work_orders.routes import router as work_orders

ROUTERS: Final[tuple[APIRouter, ...]] = (
    today,
    work_orders,
    dispositions,
    cases,
    case_holds,
    saved_views,
    activities,
    promises,
    retentions,
    holds,
    special_flags,
    debtors,
    sessions,
    people,
    org_units,
    roles,
    policy,
    tokens,
    audit,
    tenants,
    jobs,
    creditors,
    placements,
    imports,
    concessions,
    payment_plans,
    payments,
    statements,
    statement_lines,
    commission,
    contact_gate,
    calling,
    allocation,
    opening,
    phone,
    calls,
    floor,
    agents,
    recordings,
    call_records,
    packs,
    trunks,
    caller_ids,
    transcripts,
    inspections,
    scorecards,
    appeals,
    calibrations,
    quality_packs,
    live_watch,
    alarms,
)
