"""Goes through the rows of a placement once, and says in the end what is good, what is not, and why."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from anmi.core.identity_number import IdentityNumber
from anmi.core.money import ZERO, Money
from anmi.core.placement_sheet.cells import Row, is_blank
from anmi.core.placement_sheet.columns import Column
from anmi.core.placement_sheet.header import Layout
from anmi.core.placement_sheet.line_reader import BadLine, Identity, Line, LineReader
from anmi.core.placement_sheet.lines import carries_no_case
from anmi.core.placement_sheet.reasons import REASON_ORDER, FileReason, Finding, Notice, Reason

Reasons = tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check has found. `file_reason` refuses the whole file; then no row is counted."""

    file_reason: FileReason | None = None
    missing_columns: tuple[Column, ...] = ()
    layout: Layout | None = None
    accepted: int = 0
    rejected: tuple[tuple[int, Reasons], ...] = ()
    skipped: int = 0
    total: Money = ZERO
    duplicates: int = 0
    linked_pairs: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Say whether the file as a whole can be imported."""
        return self.file_reason is None


def refused(reason: FileReason, about: str = "", notices: tuple[Finding, ...] = ()) -> Report:
    """Return the report on a file of which no row could be read."""
    return Report(file_reason=reason, findings=(Finding(reason, about=about), *notices))


def refused_for_columns(layout: Layout | None, missing: tuple[Column, ...], notices: tuple[Finding, ...]) -> Report:
    """Return the report on a sheet that lacks mandatory columns; all of them are named at once."""
    finding = Finding(FileReason.MISSING_COLUMN, row=layout and layout.header_row, about="、".join(missing))
    return Report(FileReason.MISSING_COLUMN, missing, layout, findings=(finding, *notices))


@dataclass(slots=True)
class Check:
    """Takes the rows of one sheet, from the first to the last, and keeps only what a report needs."""

    reader: LineReader
    accepted: int = 0
    skipped: int = 0
    total_fen: int = 0
    duplicates: int = 0
    linked_pairs: int = 0
    rejected: list[tuple[int, Reasons]] = field(default_factory=list[tuple[int, Reasons]])
    findings: list[Finding] = field(default_factory=list[Finding])
    _last_row: int = 0
    _refused_rows: int = 0
    _has_loose_cells: bool = False
    _unnamed: tuple[int, ...] = ()
    # A million rows must fit: case numbers by day, debtors once, and a count only of those who come again.
    _taken: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    _refused: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    _debtors: set[int | str] = field(default_factory=set[int | str])
    _more_cases_of: Counter[int | str] = field(default_factory=Counter[int | str])

    def __post_init__(self) -> None:
        self._unnamed = self.reader.layout.unnamed

    def take(self, row: Row) -> Line | BadLine | None:
        """Judge one row and return what it is; None for a row that carries no case."""
        layout = self.reader.layout
        if row.number <= layout.header_row:
            return None
        # Rows that a spreadsheet does not even store are blank ones.
        last = max(self._last_row, layout.header_row)
        self.skipped += max(0, row.number - last - 1)
        self._last_row = row.number
        if carries_no_case(row.cells, layout):
            self.skipped += 1
            return None
        self._look_beside_header(row)
        line = self._without_duplicate(self.reader.read(row.cells))
        if isinstance(line, Line):
            self._accept(row.number, line)
        else:
            self._reject(row.number, line)
        return line

    def let_go(self) -> list[Finding]:
        """Hand out what has been found since the last time, and keep it no longer; the figures stay."""
        found, self.findings = self.findings, []
        self.rejected.clear()
        return found

    @property
    def refused(self) -> int:
        """How many rows were refused."""
        return self._refused_rows

    def report(self, notices: tuple[Finding, ...] = ()) -> Report:
        """Return what has been found in all rows taken; `notices` speak about the file."""
        counted = Report(
            layout=self.reader.layout,
            accepted=self.accepted,
            rejected=tuple(self.rejected),
            skipped=self.skipped,
            total=Money(self.total_fen),
            duplicates=self.duplicates,
            linked_pairs=self.linked_pairs,
            findings=(*notices, *self.findings),
        )
        if self.accepted or self._refused_rows:
            return counted
        nothing = Finding(FileReason.NO_DATA_ROWS, row=self.reader.layout.header_row)
        return replace(counted, file_reason=FileReason.NO_DATA_ROWS, findings=(nothing, *counted.findings))

    def _without_duplicate(self, line: Line | BadLine) -> Line | BadLine:
        if line.key is None:
            return line
        is_good = isinstance(line, Line)
        case_no, placed_on = line.key
        was_taken, was_refused = case_no in self._taken[placed_on], case_no in self._refused[placed_on]
        (self._taken if is_good and not was_taken else self._refused)[placed_on].add(case_no)
        # A good row may follow a bad one of the same case: somebody has mended it and left both.
        if not was_taken and (is_good or not was_refused):
            return line
        self.duplicates += 1
        faults = () if isinstance(line, Line) else line.faults
        return BadLine(line.key, (*faults, (Reason.DUPLICATE_ROW, Column.CASE_NO)))

    def _accept(self, number: int, line: Line) -> None:
        self.accepted += 1
        self.total_fen += line.amount.fen
        self._link(line.identity)
        self.findings.extend(Finding(notice, number, column) for notice, column in line.notices)

    def _link(self, identity: Identity) -> None:
        # Seventeen digits say who it is; the eighteenth follows from them.
        debtor = int(identity.text[:17]) if isinstance(identity, IdentityNumber) else identity.text
        if debtor in self._debtors:
            self._more_cases_of[debtor] += 1
            self.linked_pairs += self._more_cases_of[debtor]
        else:
            self._debtors.add(debtor)

    def _reject(self, number: int, line: BadLine) -> None:
        self._refused_rows += 1
        self.rejected.append((number, _in_order(frozenset(reason for reason, _ in line.faults))))
        self.findings.extend(Finding(reason, number, column) for reason, column in line.faults)

    def _look_beside_header(self, row: Row) -> None:
        """Tell once that values stand where no header is."""
        if self._has_loose_cells:
            return
        width = len(self.reader.layout.labels)
        unnamed = (row.cells[place] for place in self._unnamed if place < len(row.cells))
        if not all(map(is_blank, unnamed)) or not all(map(is_blank, row.cells[width:])):
            self._has_loose_cells = True
            self.findings.append(Finding(Notice.CELLS_WITHOUT_HEADER, row.number))


@cache
def _in_order(reasons: frozenset[Reason]) -> Reasons:
    return tuple(sorted(reasons, key=REASON_ORDER.__getitem__))


def as_json(report: Report) -> Iterator[tuple[str, object]]:
    """Yield the report as the parts of a JSON object, in the order they are printed; a long list as an iterator."""
    layout = report.layout
    yield "verdict", "accept" if report.is_accepted else "reject_file"
    yield "file_reason", report.file_reason
    yield "missing_columns", list(report.missing_columns)
    yield "header_row", layout.header_row if layout else None
    yield "accepted", report.accepted
    yield "rejected", ({"row": row, "reasons": reasons} for row, reasons in report.rejected)
    yield "skipped", report.skipped
    yield "total_fen", report.total.fen
    yield "duplicates", report.duplicates
    yield "linked_pairs", report.linked_pairs
    yield "columns", _columns(layout)
    yield "findings", (_finding(finding) for finding in report.findings)


def _columns(layout: Layout | None) -> Mapping[str, object]:
    if layout is None:
        return {"mapped": {}, "unknown": [], "dropped": []}
    return {"mapped": layout.mapped, "unknown": list(layout.unknown), "dropped": list(layout.dropped)}


def _finding(finding: Finding) -> Mapping[str, object]:
    return {
        "code": finding.code,
        "row": finding.row,
        "column": finding.column or None,
        "refuses": finding.refuses,
        "message": finding.sentence(),
    }
