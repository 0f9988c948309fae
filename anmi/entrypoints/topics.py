"""Topics of live news, and the permission that lets somebody hear each."""

from __future__ import annotations

from typing import Final

from anmi.core.permissions import Permission
from anmi.core.rights import Rights
from anmi.kit.caller import Caller
from anmi.kit.hub import Heard

SESSION: Final = "session"
"""Everybody hears of her own session and of nobody else's."""

TOPICS: Final = {
    "people": Permission.PEOPLE_READ,
    "grants": Permission.PEOPLE_READ,
    "org_units": Permission.ORG_UNITS_READ,
    "roles": Permission.ROLES_READ,
    "policy": Permission.POLICY_READ,
    "tokens": Permission.TOKENS_READ,
    "tenants": Permission.TENANTS_READ,
    "jobs": Permission.JOBS_READ,
    "cases": Permission.CASES_READ,
    "opening": Permission.PLACEMENTS_READ,
    "allocation": Permission.CASES_ALLOCATE,
    "contact_rules": Permission.CONTACT_RULES_READ,
    "work_orders": Permission.WORK_ORDERS_READ,
    "creditors": Permission.CREDITORS_READ,
    "placements": Permission.PLACEMENTS_READ,
    "imports": Permission.PLACEMENTS_READ,
    "concessions": Permission.CASES_READ,
    "payments": Permission.PAYMENTS_READ,
    "commission": Permission.COMMISSION_READ,
    "trunks": Permission.TRUNKS_READ,
    "caller_ids": Permission.CALLER_IDS_READ,
    "floor": Permission.FLOOR_READ,
    "calls": Permission.CALLS_READ,
    "phone": Permission.PHONE_USE,
    "transcripts": Permission.TRANSCRIPTS_READ,
    "inspections": Permission.INSPECTIONS_READ,
    "appeals": Permission.INSPECTIONS_READ,
    "watch": Permission.CALLS_MONITOR,
    "alarms": Permission.ALARMS_ANSWER,
    "calibrations": Permission.QUALITY_RULES_READ,
    "quality_rules": Permission.QUALITY_RULES_READ,
}

OWN_TOPICS: Final = {"watch": Permission.PHONE_USE}
"""What somebody may hear of what is her own without the permission to hear of others'."""


def may_subscribe(topic: str, rights: Rights) -> bool:
    """Say whether somebody may hear of a topic at all."""
    if topic in OWN_TOPICS and rights.may(OWN_TOPICS[topic]):
        return True
    return topic == SESSION or (topic in TOPICS and rights.may(TOPICS[topic]))


def may_hear(heard: Heard, caller: Caller) -> bool:
    """Say whether this piece of news is within somebody's reach.

    News that speak of a unit or a holder are for those who reach it; the others are for the whole topic.
    """
    if not may_subscribe(heard.topic, caller.rights):
        return False
    about = heard.about
    if heard.topic == SESSION or not about.keys() & {"unit_id", "holder_id"}:
        return True
    reach = caller.rights.of(TOPICS[heard.topic])
    is_own = caller.person_id is not None and about.get("holder_id") == str(caller.person_id)
    if is_own and heard.topic in OWN_TOPICS and caller.rights.may(OWN_TOPICS[heard.topic]):
        return True
    unit_id = about.get("unit_id")
    return reach.everything or (reach.own and is_own) or unit_id in {str(known) for known in reach.unit_ids}
