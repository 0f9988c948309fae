"""A check of a placement, told to a person in Chinese. No name, number or sum of a single debtor is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from anmi.core.placement_sheet.check import Report
from anmi.core.placement_sheet.reasons import SENTENCES, FileReason, Finding, Notice

_ROWS_SHOWN: Final = 50


def in_chinese(report: Report, file_name: str) -> str:
    """Return the report as text."""
    return "\n".join((f"文件：{_printable(file_name)}", *_lines(report)))


def _lines(report: Report) -> Iterator[str]:
    if report.is_accepted:
        yield "结论：可以导入"
    else:
        reason = next(finding for finding in report.findings if isinstance(finding.code, FileReason))
        yield f"结论：拒绝整个文件（{report.file_reason}）"
        yield f"原因：{reason.sentence()}"
    if layout := report.layout:
        yield f"表头：第 {layout.header_row} 行"
        yield "对应的列：" + "，".join(
            ours if ours == theirs else f"{ours}←{theirs}" for ours, theirs in layout.mapped.items()
        )
        if layout.unknown:
            yield f"作为附加信息保留的列：{'，'.join(layout.unknown)}"
        if layout.dropped:
            yield f"依法丢弃的列：{'，'.join(layout.dropped)}"
    if report.is_accepted:
        yield from _counts(report)
    yield from _notices(report)


def _counts(report: Report) -> Iterator[str]:
    yield (
        f"可导入 {report.accepted} 行，合计 {report.total} 元；退回 {len(report.rejected)} 行"
        f"（其中重复 {report.duplicates} 行）；跳过 {report.skipped} 行；共债 {report.linked_pairs} 对"
    )
    if not report.rejected:
        return
    reasons = Counter(reason for _, row_reasons in report.rejected for reason in row_reasons)
    yield "退回的原因："
    yield from (f"  {SENTENCES[reason][0]}（{reason}）：{count} 行" for reason, count in reasons.most_common())
    yield "需要修改的行："
    faults: dict[int, list[Finding]] = {}
    shown = {row for row, _ in report.rejected[:_ROWS_SHOWN]}
    for finding in report.findings:
        if finding.refuses and finding.row in shown:
            faults.setdefault(finding.row or 0, []).append(finding)
    for row, found in faults.items():
        yield f"  第 {row} 行：" + "；".join(f"{finding.column} {finding.sentence()}" for finding in found)
    if len(report.rejected) > _ROWS_SHOWN:
        yield f"  …… 另有 {len(report.rejected) - _ROWS_SHOWN} 行，用 --json 查看全部"


def _notices(report: Report) -> Iterator[str]:
    told = [finding for finding in report.findings if isinstance(finding.code, Notice)]
    if not told:
        return
    yield "请留意："
    by_sentence: dict[str, list[int]] = {}
    for finding in told:
        rows = by_sentence.setdefault(finding.sentence(), [])
        if finding.row is not None and finding.code is not Notice.COLUMN_DROPPED:
            rows.append(finding.row)
    for sentence, rows in by_sentence.items():
        where = "、".join(map(str, rows[:10])) + (f" 等 {len(rows)} 行" if len(rows) > 10 else " 行")
        yield f"  {sentence}" + (f"（第 {where}）" if rows else "")


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)
