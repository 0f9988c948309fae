"""Claims on recordings: contracts ask for a time; disputes, complaints and agreements by word of mouth for as long as
they last. They are asked for when a recording would be deleted, so they are as the case is then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from anmi.casework.creditors.service import Creditors
from anmi.core.calendar import in_china
from anmi.core.contact_rules.facts import HoldReason
from anmi.core.keep_for import Claim, Ground
from anmi.kit.unit_of_work import UnitOfWork
from anmi.workbench.recording_claims import repository

CASE: Final = "case"
"""What a call says its subject is when it is about a case."""

_GROUNDS: Final = {HoldReason.DISPUTE: Ground.DISPUTE, HoldReason.COMPLAINT: Ground.COMPLAINT}


class CaseClaims:
    """What cases claim on the recordings of their calls."""

    async def on(self, unit: UnitOfWork, kind: str, subject_ids: Sequence[UUID]) -> Mapping[UUID, Claim]:
        """Return the claim of each case."""
        if kind != CASE:
            return {}
        creditors = await repository.creditors(unit.session, subject_ids)
        today = in_china(unit.now).date()
        months = {
            creditor_id: (await Creditors(unit).terms_on(creditor_id, today)).keep_for_months
            for creditor_id in set(creditors.values())
        }
        grounds = await _grounds(unit, subject_ids)
        return {
            case_id: Claim(months[creditor_id], frozenset(grounds.get(case_id, ())))
            for case_id, creditor_id in creditors.items()
        }


async def _grounds(unit: UnitOfWork, case_ids: Sequence[UUID]) -> dict[UUID, set[Ground]]:
    grounds: dict[UUID, set[Ground]] = {}
    for case_id, reason in await repository.standing_holds(unit.session, case_ids):
        if reason in _GROUNDS:
            grounds.setdefault(case_id, set()).add(_GROUNDS[reason])
    for case_id in await repository.oral_agreements(unit.session, case_ids):
        grounds.setdefault(case_id, set()).add(Ground.ORAL_AGREEMENT)
    return grounds
