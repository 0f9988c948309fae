"""Helpers for imports: files sent as a browser sends them, and the jobs a worker would do, done on the spot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from anmi.casework.placements import tasks
from anmi.entrypoints.wiring import House
from anmi.kit.caller import the_system
from anmi.kit.jobs import JobKind, Run
from tests.builders.people import Agency

API = "/api/v1/casework"


async def work(house: House, agency: Agency, kind: JobKind, import_id: UUID | str) -> None:
    """Do a job of placements as a worker would."""
    run = Run(house.units, the_system(agency.tenant_id), 0)
    await kind.work(run, import_id=str(import_id), files=house.sheet_files)


async def sent(client: httpx.AsyncClient, placement_id: UUID, path: Path, **fields: str) -> httpx.Response:
    """Send a file."""
    content = await asyncio.to_thread(path.read_bytes)
    return await client.post(
        f"{API}/placements/{placement_id}/imports/uploads",
        files={"file": (path.name, content)},
        data=fields,
    )


async def checked(
    client: httpx.AsyncClient, house: House, agency: Agency, placement_id: UUID, path: Path, **fields: str
) -> dict[str, Any]:
    """Send a file, have it checked, and return the import as the API shows it."""
    answer = await sent(client, placement_id, path, **fields)
    assert answer.status_code == 201, answer.text
    await work(house, agency, tasks.CHECK, answer.json()["id"])
    return (await client.get(f"{API}/imports/{answer.json()['id']}")).json()


async def carried_over(client: httpx.AsyncClient, house: House, agency: Agency, import_id: str) -> dict[str, Any]:
    """Have a checked file carried over, and return the import."""
    answer = await client.post(f"{API}/imports/{import_id}/commit")
    assert answer.status_code == 202, answer.text
    await work(house, agency, tasks.COMMIT, import_id)
    return (await client.get(f"{API}/imports/{import_id}")).json()
