"""Transcripts over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from anmi.core.permissions import Permission
from anmi.kit.fields import Line
from anmi.kit.paging import Page
from anmi.kit.web import Id, PageAsk, Unit, requires, room
from anmi.telephony.transcripts.schemas import BacklogSeen, HitSeen, TranscriptSeen
from anmi.telephony.transcripts.service import Transcripts

router = room("/telephony/transcripts")

reads = requires(Permission.TRANSCRIPTS_READ)


@router.get("", dependencies=[reads])
async def search_transcripts(unit: Unit, ask: PageAsk, q: Annotated[Line, Query()]) -> Page[HitSeen]:
    """Return the calls on which something was said; Latin letters search by sound (pinyin without tones)."""
    hits, following = await Transcripts(unit).search(q, ask)
    return Page(items=[HitSeen.of(hit) for hit in hits], next=following)


@router.get("/backlog", dependencies=[reads])
async def get_backlog(unit: Unit) -> BacklogSeen:
    """Say what waits for the recogniser."""
    return BacklogSeen.model_validate(await Transcripts(unit).backlog())


@router.get("/{id}", dependencies=[reads])
async def get_transcript(unit: Unit, call_id: Id) -> TranscriptSeen:
    """Return what was said on a call, by the call's id."""
    return TranscriptSeen.of(await Transcripts(unit).of_call(call_id))
