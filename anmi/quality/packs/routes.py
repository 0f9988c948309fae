"""Rule packs over HTTP."""

from __future__ import annotations

from anmi.core.permissions import Permission
from anmi.kit.web import Id, Unit, requires, room
from anmi.quality.packs.schemas import (
    PackDecision,
    PackEdit,
    PackSeen,
    PackStep,
    PackToDraft,
    QualityRuleSeen,
    Stretch,
    rules_seen,
)
from anmi.quality.packs.service import Packs

router = room("/quality/packs")

reads = requires(Permission.QUALITY_RULES_READ)
writes = requires(Permission.QUALITY_RULES_WRITE)
approves = requires(Permission.QUALITY_RULES_APPROVE)


@router.get("", dependencies=[reads])
async def list_packs(unit: Unit) -> list[PackSeen]:
    """Return every version of the agency's rules, the newest first."""
    return [PackSeen.model_validate(pack) for pack in await Packs(unit).all()]


@router.get("/rules", dependencies=[reads])
async def list_quality_rules(unit: Unit) -> list[QualityRuleSeen]:
    """Return the rules in force that listen for words, with their examples."""
    return rules_seen((await Packs(unit).in_force()).pack)


@router.post("", status_code=201, dependencies=[writes])
async def draft_pack(unit: Unit, body: PackToDraft) -> PackSeen:
    """Begin a version; rules that do not keep their own examples are refused."""
    return PackSeen.model_validate(await Packs(unit).draft(body.note, [each.written() for each in body.changes]))


@router.get("/{id}", dependencies=[reads])
async def get_pack(unit: Unit, pack_id: Id) -> PackSeen:
    """Return a version."""
    return PackSeen.model_validate(await Packs(unit).get(pack_id))


@router.put("/{id}", dependencies=[writes])
async def edit_pack(unit: Unit, pack_id: Id, body: PackEdit) -> PackSeen:
    """Change a draft."""
    changes = [each.written() for each in body.changes]
    return PackSeen.model_validate(await Packs(unit).edit(pack_id, body.version, body.note, changes))


@router.post("/{id}/trial", dependencies=[writes])
async def try_pack(unit: Unit, pack_id: Id, body: Stretch) -> PackSeen:
    """Try a version on the calls of a stretch of time, against the rules in force; at most 500 calls."""
    return PackSeen.model_validate(await Packs(unit).try_on(pack_id, body.since, body.until))


@router.post("/{id}/propose", dependencies=[writes])
async def propose_pack(unit: Unit, pack_id: Id, body: PackStep) -> PackSeen:
    """Ask that a draft be put in force."""
    return PackSeen.model_validate(await Packs(unit).propose(pack_id, body.version))


@router.post("/{id}/publish", dependencies=[approves])
async def publish_pack(unit: Unit, pack_id: Id, body: PackDecision) -> PackSeen:
    """Put a version in force."""
    pack = await Packs(unit).publish(pack_id, body.version, body.decision, body.again_days)
    return PackSeen.model_validate(pack)


@router.post("/{id}/reject", dependencies=[approves])
async def reject_pack(unit: Unit, pack_id: Id, body: PackDecision) -> PackSeen:
    """Say no to a version."""
    return PackSeen.model_validate(await Packs(unit).reject(pack_id, body.version, body.decision))
