"""Packing: one zip file made while it is sent.

Recordings are read, opened and passed on in pieces, so a pack of any size takes the memory of a few; the two sheets,
which tell what lies in it, come last.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final
from uuid import UUID

from zipstream import ZipStream

from anmi.casework.cases.service import visible
from anmi.casework.debtors.models import NAME
from anmi.casework.tables import code_table
from anmi.core.audit_actions import AuditAction
from anmi.core.calendar import in_china
from anmi.core.masking import mask_digits, mask_name
from anmi.identity.people.models import NAME as PERSON_NAME
from anmi.kit.caller import Caller
from anmi.kit.errors import Unavailable
from anmi.kit.paging import Ask
from anmi.kit.sheets import Cell, SheetFormat, SheetWriter, sheet_writer
from anmi.kit.unit_of_work import UnitOfWork, Units
from anmi.telephony.recordings.models import Recording
from anmi.telephony.recordings.service import Recordings, RecordingState, Vault
from anmi.telephony.records.service import LABELS, RecordFilter, Records, RecordView, cells_of
from anmi.workbench.packs import repository
from anmi.workbench.packs.repository import CaseOfCall, Entry

BATCH: Final = 100
_PIECE: Final = 256 * 1024

_INDEX: Final = ("文件", "说明", "个案序列号", "债务人", *LABELS, "录音校验值 SHA-256")
_DIARY: Final = ("个案序列号", "债务人", "时间", "记录人", "催收动作", "催收结果", "内容", "通话编号")


@dataclass(slots=True)
class _Sheet:
    """A sheet that grows while the recordings go out, kept compressed until its turn comes."""

    writer: SheetWriter
    pieces: list[bytes] = field(default_factory=list[bytes])

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.pieces.append(self.writer.rows(rows))

    def ended(self) -> list[bytes]:
        return [*self.pieces, self.writer.end()]


@dataclass(frozen=True, slots=True)
class _Page:
    """Some calls, and what is told of each."""

    calls: list[RecordView]
    recordings: dict[UUID, Recording]
    cases: dict[UUID, CaseOfCall]
    diary: list[Sequence[Cell]]
    following: str | None


class Packing:
    """Makes one pack for one caller, who sees in it what she may see elsewhere."""

    def __init__(self, units: Units, who: Caller, vault: Vault, pack_id: UUID, wanted: RecordFilter) -> None:
        self._units, self._who, self._vault = units, who, vault
        self._pack_id, self._wanted = pack_id, wanted
        self._index = _Sheet(sheet_writer(SheetFormat.XLSX, "通话录音", _INDEX))
        self._diary = _Sheet(sheet_writer(SheetFormat.XLSX, "催记", _DIARY))
        self._told: set[UUID] = set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the zip file from its first byte to its last."""
        archive = ZipStream()
        after: str | None = None
        while True:
            page = await self._page(after)
            for call in page.calls:
                async for piece in self._call(archive, page, call):
                    yield piece
            self._diary.write(page.diary)
            after = page.following
            if after is None:
                break
        archive.add(self._index.ended(), "index.xlsx")
        archive.add(self._diary.ended(), "activities.xlsx")
        async for piece in _in_pieces(archive.finalize()):
            yield piece

    async def _page(self, after: str | None) -> _Page:
        # No connection is held while a slow reader takes its time.
        async with self._units.begin(self._who) as unit:
            calls, following = await Records(unit).page(self._wanted, Ask(BATCH, after, "asked_at"))
            recordings = dict(await Recordings(unit).of_calls([call.id for call in calls]))
            if ids := [str(recording.id) for recording in recordings.values()]:
                unit.remember(AuditAction.RECORDING_DOWNLOADED, ("pack", self._pack_id), recording_ids=ids)
            case_ids = list({call.subject_id for call in calls if call.subject_id is not None})
            cases = dict(await repository.cases(unit.session, case_ids, visible(unit)))
            fresh = [case_id for case_id in cases if case_id not in self._told]
            self._told.update(fresh)
            diary = [_diary_row(unit, cases, entry) for entry in await repository.entries(unit.session, fresh)]
        return _Page(calls, recordings, cases, diary, following)

    async def _call(self, archive: ZipStream, page: _Page, call: RecordView) -> AsyncIterator[bytes]:
        recording, name = page.recordings.get(call.id), _file_name(call)
        sound = await asyncio.to_thread(self._opened, recording)
        if sound is not None:
            archive.add(sound, name)
            async for piece in _in_pieces(archive.all_files()):
                yield piece
        case = page.cases.get(call.subject_id) if call.subject_id is not None else None
        told: list[Cell] = [name, None] if sound is not None else [None, "录音暂时无法读取"]
        told += [case.serial_no, self._name(case)] if case is not None else [None, None]
        self._index.write([[*told, *cells_of(call), recording.sha256 if recording else None]])

    def _opened(self, recording: Recording | None) -> Iterator[bytes] | None:
        """Read the first piece of a recording: what cannot be read is told of in the index, not left half sent."""
        if recording is None or recording.state is RecordingState.DELETED:
            return None
        pieces = self._vault.document(recording, self._units.keyring).read(0, recording.bytes)
        try:
            return chain((next(pieces),), pieces)
        except (LookupError, Unavailable):
            return None

    def _name(self, case: CaseOfCall) -> str:
        assert self._who.tenant_id is not None  # noqa: S101 - for the type checker; whoever fetches has an agency
        return mask_name(self._units.keyring.open(self._who.tenant_id, NAME, case.debtor_name))


def _file_name(call: RecordView) -> str:
    at = in_china(call.asked_at)
    return f"recordings/{at:%Y%m%d}/{at:%H%M%S}-{call.extension or '-'}-{call.id.hex[-8:]}.wav"


def _diary_row(unit: UnitOfWork, cases: dict[UUID, CaseOfCall], entry: Entry) -> Sequence[Cell]:
    activity, case, codes = entry.activity, cases[entry.activity.case_id], code_table()
    action, result = codes.actions.get(activity.action_code), codes.results.get(activity.result_code or "")
    return (
        case.serial_no,
        mask_name(unit.open(NAME, case.debtor_name)),
        activity.at,
        unit.open(PERSON_NAME, entry.by_name) if entry.by_name else None,
        action.zh if action else activity.action_code,
        result.zh if result else activity.result_code,
        mask_digits(activity.note),
        str(activity.call_id) if activity.call_id else None,
    )


async def _in_pieces(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Read on in a thread, a good deal at a time: each change of thread has its price."""
    while piece := await asyncio.to_thread(_gathered, parts):
        yield piece


def _gathered(parts: Iterator[bytes]) -> bytes:
    gathered = bytearray()
    for part in parts:
        gathered += part
        if len(gathered) >= _PIECE:
            break
    return bytes(gathered)
