"""Concessions for tests: a floor where one asks, others sign, and the creditor answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from anmi.casework.cases.models import Case
from anmi.casework.concessions.tasks import SWEEP_CONCESSIONS
from anmi.core.permissions import Scope
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.unit_of_work import Units
from tests.builders.money import a_debt
from tests.builders.people import Agency, a_person, signed_in_as

CONCESSIONS = "/api/v1/casework/concessions"


class Floor:
    """An agency at work: a collector with a case, her supervisor, and operations; each signs in when it is her turn."""

    def __init__(self, client: httpx.AsyncClient, units: Units, agency: Agency) -> None:
        self.client, self.units, self.agency = client, units, agency

    async def open(self) -> Floor:
        self.collector = await a_person(self.units, self.agency, "collector", scope=Scope.OWN)
        self.supervisor = await a_person(self.units, self.agency, "supervisor")
        self.operations = await a_person(self.units, self.agency, "operations")
        self.case: Case = await a_debt(self.units, self.agency, holder=self.collector)
        return self

    async def by(self, person_id: UUID) -> httpx.AsyncClient:
        await signed_in_as(self.client, self.units, self.agency, person_id)
        return self.client

    async def post(self, person_id: UUID, path: str, **body: Any) -> httpx.Response:
        return await (await self.by(person_id)).post(f"{CONCESSIONS}{path}", json=body)

    async def done(self, person_id: UUID, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.post(person_id, path, **body)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def asked(self, kind: str = "penalty_waiver", **wish: Any) -> dict[str, Any]:
        return await self.done(self.collector, "", case_id=str(self.case.id), kind=kind, reason="家庭困难", **wish)

    async def terms(self, **concessions: Any) -> None:
        client = await self.by(self.operations)
        body = {"effective_from": "2026-01-01", "body": {"concessions": concessions}}
        answer = await client.put(f"/api/v1/casework/creditors/{self.case.creditor_id}/terms", json=body)
        assert answer.status_code == 200, answer.text

    async def granted(self, kind: str = "lump_sum_settlement", **wish: Any) -> dict[str, Any]:
        """Bring a concession to where the creditor has granted it as asked."""
        one = await self.asked(kind, **wish)
        for person_id in (self.supervisor, self.operations):
            if one["next_role"] and one["state"] != "creditor_review":
                one = await self.done(person_id, f"/{one['id']}/approve", version=one["version"])
        if one["state"] == "creditor_review":
            last = self.operations if one["next_role"] == "operations" else self.supervisor
            one = await self.done(
                last, f"/{one['id']}/creditor-answer", version=one["version"], approved_fen=one["payable_fen"]
            )
        assert one["state"] == "approved"
        return one

    async def now(self, concession_id: str) -> dict[str, Any]:
        return (await (await self.by(self.collector)).get(f"{CONCESSIONS}/{concession_id}")).json()

    async def night(self) -> None:
        await SWEEP_CONCESSIONS.work(Run(self.units, the_system(self.agency.tenant_id), 1))
