"""A worker to be killed: carries one import over, in a process of its own.

`python -m tests.casework.placements.killed DATABASE DATA_DIR TENANT IMPORT`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr

from anmi.casework.placements.tasks import COMMIT
from anmi.entrypoints.job_kinds import job_kinds
from anmi.entrypoints.wiring import open_house
from anmi.kit import tables
from anmi.kit.caller import the_system
from anmi.kit.jobs import Run
from anmi.kit.settings import Settings


async def main(address: str, data_dir: str, tenant_id: str, import_id: str) -> None:
    """Do the job once."""
    tables.load()
    async with open_house(Settings(data_dir=Path(data_dir), database_app_url=SecretStr(address))) as house:
        kind = next(kind for kind in job_kinds(house) if kind.name == COMMIT.name)
        await kind.work(Run(house.units, the_system(UUID(tenant_id)), 0), import_id=import_id)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
