"""The check of an uploaded sheet: every row is judged, what is wrong is written down without its values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anmi.casework.placements import repository
from anmi.casework.placements.files import SheetFiles
from anmi.casework.placements.lists import check_list
from anmi.casework.placements.models import ImportState, PlacementImport
from anmi.casework.placements.news import tell
from anmi.casework.placements.reading import Asked, Reading, Refused, reading
from anmi.core.placement_sheet.check import Report, as_json
from anmi.core.placement_sheet.list_columns import ListKind
from anmi.core.placement_sheet.reasons import Finding
from anmi.kit.jobs import Run


async def check(run: Run, files: SheetFiles, import_id: UUID) -> None:
    """Check a file that has come in; what an earlier attempt has found is found anew."""
    async with run.unit() as unit:
        what = await repository.import_to_work(unit.session, import_id)
        if what is None or what.state not in (ImportState.UPLOADED, ImportState.CHECKING):
            return
        what.state, what.rows_done = ImportState.CHECKING, 0
        await repository.remove_findings(unit.session, import_id)
        asked, sheet_kind = Asked.of(what), what.sheet
        tell(unit, what)
    if sheet_kind in list(ListKind):
        await check_list(run, files, import_id, asked, ListKind(sheet_kind))
        return
    try:
        async with reading(files, run.units.keyring, asked) as sheet:
            report = await _judge(run, import_id, sheet)
    except Refused as refusal:
        report = refusal.report
    async with run.unit() as unit:
        what = await repository.import_to_work(unit.session, import_id)
        if what is not None and what.state is ImportState.CHECKING:
            await _conclude(unit.session, what, report)
            tell(unit, what)


async def _judge(run: Run, import_id: UUID, sheet: Reading) -> Report:
    check = sheet.begun.check
    async for chunk in sheet.chunks():
        findings = check.let_go()
        async with run.unit() as unit:
            what = await repository.import_to_work(unit.session, import_id)
            if what is None or what.state is not ImportState.CHECKING:
                break
            await repository.add_findings(unit.session, what, _by_row(findings))
            what.rows_done += len(chunk)
            tell(unit, what)
    return check.report(sheet.begun.notices)


async def _conclude(session: Any, what: PlacementImport, report: Report) -> None:
    if not report.is_accepted:
        await repository.remove_findings(session, what.id)
    told = dict(as_json(report))
    what.state = ImportState.CHECKED if report.is_accepted else ImportState.REFUSED
    what.accepted, what.rejected = report.accepted, await repository.count_rejected(session, what.id)
    what.rows_total = what.rows_done if report.is_accepted else None
    what.report = {
        **{key: told[key] for key in ("verdict", "file_reason", "missing_columns", "header_row", "columns")},
        "rejected": what.rejected,
        **{key: told[key] for key in ("accepted", "skipped", "total_fen", "duplicates", "linked_pairs")},
        "labels": list(report.layout.labels) if report.layout else [],
        "notices": [_told(finding) for finding in report.findings],
    }


def _by_row(findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    rows: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.row is not None:
            rows.setdefault(finding.row, []).append(finding)
    return rows


def _told(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "row": finding.row, "about": finding.about or None, "refuses": finding.refuses}
