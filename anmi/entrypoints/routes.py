"""Every room that speaks HTTP, in the order of the menu."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from anmi.casework.cases.routes import router as cases
from anmi.casework.cases.routes import views_router as saved_views
from anmi.casework.creditors.routes import router as creditors
from anmi.casework.payments.routes import router as payments
from anmi.identity.audit.routes import router as audit
from anmi.identity.org_units.routes import router as org_units
from anmi.identity.people.routes import router as people
from anmi.identity.policy.routes import router as policy
from anmi.identity.roles.routes import router as roles
from anmi.identity.sessions.routes import router as sessions
from anmi.identity.tenants.routes import router as tenants
from anmi.identity.tokens.routes import router as tokens
from anmi.system.jobs.routes import router as jobs
from anmi.workbench.contact_gate.routes import router as contact_gate

ROUTERS: Final[tuple[APIRouter, ...]] = (
    cases,
    saved_views,
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
    payments,
    contact_gate,
)
