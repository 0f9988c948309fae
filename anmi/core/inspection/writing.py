"""Writes an inspection as the JSON people read back: one object per call."""

from __future__ import annotations

from anmi.core.inspection.model import Extracted, Finding, Inspection

Json = dict[str, object]


def document_of(inspection: Inspection) -> Json:
    """Return an inspection as one JSON object."""
    return {
        "id": inspection.call_id,
        "score": inspection.score,
        "findings": [_finding(finding) for finding in inspection.findings],
        "missing": list(inspection.missing),
        "extracted": extracted_of(inspection.extracted),
    }


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "turn": finding.turn,
        "severity": finding.severity.value,
        "evidence": finding.evidence,
        "rule_version": finding.rule_version,
    }


def extracted_of(extracted: Extracted) -> Json:
    """Return the half-written note as JSON; money in fen, days as ISO 8601."""
    return {
        "promise_date": extracted.promise_date.isoformat() if extracted.promise_date else None,
        "promise_amount_fen": extracted.promise_amount.fen if extracted.promise_amount else None,
        "right_party_confirmed": extracted.right_party_confirmed,
        "result_code": extracted.result_code,
        "complaint_tendency": extracted.complaint_tendency,
        "reason": extracted.reason,
        "next_contact_on": extracted.next_contact_on.isoformat() if extracted.next_contact_on else None,
        "sources": {name: {"turn": source.turn, "text": source.text} for name, source in extracted.sources},
    }
