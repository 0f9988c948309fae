"""Holds and special flags over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from anmi.casework.holds.schemas import (
    FlagReview,
    FlagSeen,
    FlagToSet,
    HoldSeen,
    HoldToPlace,
    Lifting,
    SpecialGroupSeen,
)
from anmi.casework.holds.service import Holds
from anmi.core.permissions import Permission
from anmi.core.special_groups import SPECIAL_GROUP_WORDS
from anmi.kit.fields import Reason
from anmi.kit.web import Id, Unit, requires, room

cases_router = room("/casework/cases", "/casework/holds")
router = room("/casework/holds")
flags_router = room("/casework/debtors", "/casework/holds")

holds = requires(Permission.CASES_HOLD)
works = requires(Permission.CASES_WORK)
reads = requires(Permission.CASES_READ)

FlagId = Annotated[UUID, Path(alias="flag_id")]


@cases_router.post("/{id}/holds", status_code=201, dependencies=[holds])
async def place_hold(unit: Unit, case_id: Id, body: HoldToPlace) -> HoldSeen:
    """Hold a case."""
    return HoldSeen.model_validate(await Holds(unit).place(case_id, body.reason, body.note, body.effect, body.until))


@router.post("/{id}/lift", dependencies=[holds])
async def lift_hold(unit: Unit, hold_id: Id, body: Lifting) -> HoldSeen:
    """End a hold; the case goes on with what still stands."""
    return HoldSeen.model_validate(await Holds(unit).lift(hold_id, body.note))


@router.get("/special-groups", dependencies=[reads])
async def list_special_groups() -> list[SpecialGroupSeen]:
    """Return the special groups with their words."""
    return [SpecialGroupSeen(code=code, zh=words.zh, en=words.en) for code, words in SPECIAL_GROUP_WORDS.items()]


@flags_router.post("/{id}/flags", status_code=201, dependencies=[works])
async def set_flag(unit: Unit, debtor_id: Id, body: FlagToSet) -> FlagSeen:
    """Mark a debtor as one of a special group."""
    return FlagSeen.model_validate(await Holds(unit).flag(debtor_id, body.flag, body.note))


@flags_router.put("/{id}/flags/{flag_id}/review", dependencies=[holds])
async def review_flag(unit: Unit, debtor_id: Id, flag_id: FlagId, body: FlagReview) -> FlagSeen:
    """Note that a supervisor has looked at a flag."""
    return FlagSeen.model_validate(await Holds(unit).review(debtor_id, flag_id, body.until))


@flags_router.delete("/{id}/flags/{flag_id}", status_code=204, dependencies=[holds])
async def remove_flag(unit: Unit, debtor_id: Id, flag_id: FlagId, note: Annotated[Reason, Query()]) -> None:
    """Take a mark away."""
    await Holds(unit).unflag(debtor_id, flag_id, note)
