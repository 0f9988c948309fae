"""Every kind of job there is; the worker works these off, and the jobs screen has their words."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from anmi.casework.cases.tasks import END_RETENTIONS
from anmi.casework.concessions.tasks import SWEEP_CONCESSIONS
from anmi.casework.holds.tasks import LIFT_HOLDS
from anmi.casework.opening.tasks import OPEN_CASES
from anmi.casework.payments.tasks import RECONCILE
from anmi.casework.placements.tasks import CHECK, COMMIT, FOLLOW_CLOSING
from anmi.casework.promises.tasks import SWEEP_PROMISES
from anmi.entrypoints.wiring import House
from anmi.identity.audit.anchors import Anchors
from anmi.identity.audit.tasks import anchoring
from anmi.identity.people.tasks import DISABLE_IDLE
from anmi.kit.jobs import JobKind
from anmi.quality.alarms.tasks import ESCALATE
from anmi.quality.inspections.tasks import INSPECT, INSPECT_AGAIN
from anmi.system.housekeeping.tasks import SWEEP
from anmi.telephony.recordings.tasks import DELETE_OVER, STORE, STORE_AGAIN
from anmi.telephony.transcripts.tasks import ASK_AGAIN, TRANSCRIBE
from anmi.workbench.recording_claims.service import CaseClaims


def job_kinds(house: House) -> tuple[JobKind, ...]:
    """Return them all, each with what it needs of the house."""
    return (
        SWEEP,
        anchoring(Anchors(house.settings.data_dir)),
        DISABLE_IDLE,
        END_RETENTIONS,
        *(replace(kind, work=partial(kind.work, files=house.sheet_files)) for kind in (CHECK, COMMIT)),
        FOLLOW_CLOSING,
        replace(OPEN_CASES, work=partial(OPEN_CASES.work, screening=house.number_screening)),
        SWEEP_CONCESSIONS,
        RECONCILE,
        LIFT_HOLDS,
        SWEEP_PROMISES,
        replace(STORE, work=partial(STORE.work, vault=house.vault, claims=CaseClaims())),
        replace(STORE_AGAIN, work=partial(STORE_AGAIN.work, vault=house.vault)),
        replace(DELETE_OVER, work=partial(DELETE_OVER.work, vault=house.vault, claims=CaseClaims())),
        replace(TRANSCRIBE, work=partial(TRANSCRIBE.work, vault=house.vault, recogniser=house.speech)),
        replace(ASK_AGAIN, work=partial(ASK_AGAIN.work, recogniser=house.speech)),
        *(replace(kind, work=partial(kind.work, inspectors=house.inspector)) for kind in (INSPECT, INSPECT_AGAIN)),
        ESCALATE,
    )
