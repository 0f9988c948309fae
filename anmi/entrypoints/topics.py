"""Topics of live news, and the permission that lets somebody hear each."""

from __future__ import annotations

from typing import Final

from anmi.core.permissions import Permission
from anmi.core.rights import Rights
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
}


def may_subscribe(topic: str, rights: Rights) -> bool:
    """Say whether somebody may hear of a topic at all."""
    return topic == SESSION or (topic in TOPICS and rights.may(TOPICS[topic]))


def may_hear(heard: Heard, rights: Rights) -> bool:
    """Say whether this piece of news is within somebody's reach; news that name no unit are for the whole topic."""
    if not may_subscribe(heard.topic, rights):
        return False
    unit_id = heard.about.get("unit_id")
    if unit_id is None or heard.topic == SESSION:
        return True
    reach = rights.of(TOPICS[heard.topic])
    return reach.everything or unit_id in {str(known) for known in reach.unit_ids}
