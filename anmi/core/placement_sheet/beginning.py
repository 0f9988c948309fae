"""How the check of a file begins: which sheet holds the rows, where its header stands, and what is said of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from anmi.core.placement_sheet.cells import Sheet
from anmi.core.placement_sheet.check import Check, Report, refused, refused_for_columns
from anmi.core.placement_sheet.contact_source import ContactSource
from anmi.core.placement_sheet.header import Layout, choose_sheet, find_header
from anmi.core.placement_sheet.line_reader import LineReader
from anmi.core.placement_sheet.reasons import FileReason, Finding, Notice
from anmi.core.placement_sheet.template import Template


@dataclass(frozen=True, slots=True)
class Begun:
    """A check that is ready for the rows of one sheet; `notices` speak about the file."""

    sheet: int
    layout: Layout
    check: Check
    notices: tuple[Finding, ...]


def begin(
    sheets: Sequence[Sheet],
    file_notices: Sequence[Notice],
    template: Template,
    source: ContactSource | None,
    today: date,
) -> Begun | Report:
    """Choose the sheet and find its header; return a report at once where that refuses the file."""
    if not any(sheet.rows for sheet in sheets):
        return refused(FileReason.FILE_EMPTY)
    chosen = choose_sheet(sheets, template, source is not None)
    index, layout = chosen if chosen else (None, None)
    notices = (*map(Finding, file_notices), *_notices(sheets, index, layout, template))
    missing = layout.missing(source is not None) if layout else Layout.none_of(source is not None)
    if index is None or layout is None or missing:
        return refused_for_columns(layout, missing, notices)
    reader = LineReader(
        layout=layout,
        today=today,
        source=source,
        counts_from_1904=sheets[index].counts_from_1904,
        date_order=template.date_order,
    )
    return Begun(index, layout, Check(reader), notices)


def _notices(
    sheets: Sequence[Sheet], index: int | None, layout: Layout | None, template: Template
) -> Iterator[Finding]:
    for place, sheet in enumerate(sheets):
        if sheet.is_hidden:
            yield Finding(Notice.HIDDEN_SHEET_IGNORED, about=sheet.name)
        elif place != index and _could_be_cases(sheet, template):
            yield Finding(Notice.SHEET_IGNORED, about=sheet.name)
    if layout:
        yield from (Finding(Notice.COLUMN_DROPPED, layout.header_row, about=label) for label in layout.dropped)


def _could_be_cases(sheet: Sheet, template: Template) -> bool:
    layout = find_header(sheet, template, has_source=True)
    return layout is not None and not layout.missing(has_source=True)
