"""Recordings over HTTP; their sound by ranges, so that a listener who jumps waits for nothing before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from anmi.core.calendar import in_china
from anmi.core.permissions import FieldRight, Permission
from anmi.core.sound import Track
from anmi.kit.ranges import read_range
from anmi.kit.web import Id, OwnUnits, Unit, Who, requires, room
from anmi.telephony.recordings.schemas import HandedSeen, RecordingSeen, Why
from anmi.telephony.recordings.service import AddressShown, Recordings, RecordingUse, Vault, listening

router = room("/telephony/recordings")

reads = requires(Permission.CALLS_READ)
holds = requires(Permission.RECORDINGS_HOLD)

_WAV: Final = {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}
_SOUND: Final[dict[int | str, dict[str, Any]]] = {200: _WAV, 206: _WAV}


async def _vault(request: Request) -> Vault:
    return request.app.state.house.vault


TheVault = Annotated[Vault, Depends(_vault)]


async def _address(
    use: RecordingUse = RecordingUse.PLAY,
    address: UUID | None = None,
    until: Annotated[int | None, Query(ge=0, le=10**12)] = None,
    key: Annotated[str | None, Query(max_length=100)] = None,
) -> AddressShown:
    return AddressShown(address, until, key, use)


Address = Annotated[AddressShown, Depends(_address)]


@router.get("/{id}", dependencies=[reads])
async def get_recording(unit: Unit, recording_id: Id) -> RecordingSeen:
    """Return what is known of a recording, with its waveform."""
    return RecordingSeen.of(await Recordings(unit).get(recording_id))


@router.post(
    "/{id}/address", status_code=201, dependencies=[requires(Permission.CALLS_READ, FieldRight.RECORDING_PLAY)]
)
async def listen_to_recording(request: Request, unit: Unit, recording_id: Id) -> HandedSeen:
    """Return an address under which the caller, and nobody else, may hear a recording for an hour."""
    path = _path_of(request, recording_id)
    return HandedSeen.model_validate(await Recordings(unit).hand_out(recording_id, path, RecordingUse.PLAY))


@router.post(
    "/{id}/download", status_code=201, dependencies=[requires(Permission.CALLS_READ, FieldRight.RECORDING_DOWNLOAD)]
)
async def download_recording(request: Request, unit: Unit, recording_id: Id, body: Why) -> HandedSeen:
    """Return an address under which the caller may fetch a recording within ten minutes."""
    path = _path_of(request, recording_id)
    handed = await Recordings(unit).hand_out(recording_id, path, RecordingUse.DOWNLOAD, body.reason)
    return HandedSeen.model_validate(handed)


@router.get(
    "/{id}/sound",
    dependencies=[requires(Permission.CALLS_READ, FieldRight.RECORDING_PLAY, opens_units=True)],
    response_class=StreamingResponse,
    responses=_SOUND,
)
async def hear_recording(
    units: OwnUnits,
    who: Who,
    vault: TheVault,
    recording_id: Id,
    shown: Address,
    track: Track = Track.STEREO,
    wanted: Annotated[str | None, Header(alias="range", max_length=200)] = None,
) -> StreamingResponse:
    """Send a recording, or the range that is asked for: both tracks, one of them, or both mixed into one."""
    async with units.begin(who) as unit:
        recording = await Recordings(unit).opened(recording_id, shown)
    heard = listening(recording, track)
    part = read_range(wanted, heard.length)
    start, end = part or (0, heard.length)
    pieces = heard.part(start, end, vault.document(recording, units.keyring).read)
    # Before the answer begins: a storage that is away is said to be so, and not heard as silence.
    first = await asyncio.to_thread(next, pieces, b"")
    headers = {"accept-ranges": "bytes", "content-length": str(end - start)}
    if part is not None:
        headers["content-range"] = f"bytes {start}-{end - 1}/{heard.length}"
    if shown.use is RecordingUse.DOWNLOAD:
        name = quote(f"录音-{in_china(recording.began_at):%Y%m%d-%H%M%S}.wav")
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{name}"
    status = 200 if part is None else 206
    return StreamingResponse(_sent(first, pieces), status, headers, media_type="audio/wav")


@router.post("/{id}/hold", status_code=201, dependencies=[holds])
async def hold_recording(unit: Unit, recording_id: Id, body: Why) -> RecordingSeen:
    """Keep a recording whatever the date."""
    return RecordingSeen.of(await Recordings(unit).hold(recording_id, body.reason))


@router.post("/{id}/hold/lift", dependencies=[holds])
async def free_recording(unit: Unit, recording_id: Id, body: Why) -> RecordingSeen:
    """Lift the hold upon a recording."""
    return RecordingSeen.of(await Recordings(unit).lift(recording_id, body.reason))


def _path_of(request: Request, recording_id: UUID) -> str:
    return str(request.app.url_path_for("hear_recording", id=str(recording_id)))


async def _sent(first: bytes, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    piece = first
    while piece:
        yield piece
        piece = await asyncio.to_thread(next, pieces, b"")
