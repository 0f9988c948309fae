"""The rows that were not accepted, as the same sheet with a column that says why: mended, it is sent again."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rustpy_xlsxwriter import FastExcel

from anmi.casework.placements.models import PlacementFinding
from anmi.casework.placements.preview import OpenSheet
from anmi.core.placement_sheet.case_facts import REASON_LABEL
from anmi.core.placement_sheet.cells import text_of
from anmi.core.placement_sheet.reasons import SENTENCES, Notice, Reason
from anmi.kit.sheets import harmless

_UNSEEN: Final = "\u200b"


def reasons_of(findings: Sequence[PlacementFinding]) -> dict[int, str]:
    """Return what is said of each row."""
    return {finding.row: "；".join(map(_sentence, finding.reasons)) for finding in findings}


def findings_sheet(sheet: OpenSheet, reasons: Mapping[int, str]) -> bytes:
    """Return a workbook of the rows that have a reason, with their cells as text, as they came."""
    labels = _distinct([*sheet.labels, REASON_LABEL])
    buffer = io.BytesIO()
    FastExcel(buffer).freeze(row=1).sheet("问题清单", _rows(sheet, labels, reasons)).save()
    return buffer.getvalue()


def _rows(sheet: OpenSheet, labels: Sequence[str], reasons: Mapping[int, str]) -> Iterator[dict[str, str]]:
    width = len(labels) - 1
    for row in sheet.rows:
        if reason := reasons.get(row.number):
            texts = [harmless(text_of(cell)) for cell in row.cells[:width]]
            yield dict(zip(labels, [*texts, *[""] * (width - len(texts)), reason], strict=True))


def _sentence(reason: Mapping[str, str]) -> str:
    code = reason["code"]
    known = Reason(code) if code in Reason.__members__ else Notice(code)
    text = SENTENCES[known][0]
    return f"{reason['column']}：{text}" if reason["column"] else text


def _distinct(labels: Sequence[str]) -> list[str]:
    """Tell columns of one name apart by what nobody sees, and what our own reader takes away again."""
    seen: dict[str, int] = {}
    distinct: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        distinct.append(label + _UNSEEN * (seen[label] - 1 if label else seen[label]))
    return distinct
