"""The API keeps to its own description, whatever it is sent: no 5xx, no status and no shape that is not written there.

The application runs as it does for people, on a port of its own; only the gate is stood in for.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Generator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anmi.core.rights import EVERYTHING
from anmi.entrypoints.http import create_app
from anmi.identity.sessions.models import Session
from anmi.kit.caller import Caller, CallerKind, the_system
from anmi.kit.ids import new_id
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Units
from tests.builders.people import OpenGate, a_person, an_agency

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# Enough to meet every kind of field, few enough for every run; the same in every run.
EXAMPLES = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
    print_blob=True,
)
FEW_EXAMPLES = settings(EXAMPLES, max_examples=2)


@dataclass
class Running:
    """An application that answers on a port of this machine."""

    app: FastAPI
    address: str
    caller: Caller
    gate: OpenGate


@pytest.fixture(scope="module")
def running(owner_url: str, app_url: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    """Run the application in a thread with an event loop of its own."""
    data_dir: Path = tmp_path_factory.mktemp("openapi")
    app = create_app(
        Settings(data_dir=data_dir, database_url=SecretStr(owner_url), database_app_url=SecretStr(app_url))
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", lifespan="on"))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(server.serve([listening])))
    thread.start()
    while not server.started:
        assert thread.is_alive()
    caller = asyncio.run_coroutine_threadsafe(somebody_with_everything(app.state.units), loop).result(30)
    app.state.gate = gate = OpenGate(app.state.units)
    yield Running(app, f"http://127.0.0.1:{listening.getsockname()[1]}", caller, gate)
    server.should_exit = True
    thread.join(30)
    loop.close()


async def somebody_with_everything(units: Units) -> Caller:
    agency = await an_agency(units)
    person_id, session_id = await a_person(units, agency), new_id()
    async with units.begin(the_system(agency.tenant_id)) as unit:
        unit.session.add(
            Session(
                id=session_id,
                tenant_id=agency.tenant_id,
                person_id=person_id,
                token_digest=session_id.bytes,
                step="complete",
                created_at=unit.now,
                last_seen_at=unit.now,
                expires_at=unit.now + timedelta(hours=1),
                ip="",
                device="",
            )
        )
    return Caller(CallerKind.PERSON, agency.tenant_id, person_id, agency.root_id, session_id, rights=EVERYTHING)


def surprises(running: Running, examples: settings) -> tuple[dict[str, str], set[int]]:
    """Send every route what its description describes and what it does not.

    Return what went wrong where, and every status that was met.
    """
    api = schemathesis.openapi.from_dict(running.app.openapi())
    api.config.update(base_url=running.address)
    found: dict[str, str] = {}
    statuses: set[int] = set()
    for described in api.get_all_operations():
        operation = described.ok()

        @examples
        @given(st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))
        def ask(case: Any) -> None:
            statuses.add(case.call_and_validate(checks=CHECKS).status_code)

        try:
            ask()
        except FlakyStrategyDefinition:
            pass  # The generator contradicted itself while drawing; it never came to ask us.
        except Exception as failure:
            found[operation.label] = str(failure)
    return found, statuses


def test_whoever_may_do_everything_meets_no_surprise(running: Running) -> None:
    running.gate.caller = running.caller
    found, statuses = surprises(running, EXAMPLES)
    assert found == {}
    assert {200, 404, 422} <= statuses


def test_a_stranger_meets_no_surprise(running: Running) -> None:
    running.gate.caller = Caller(CallerKind.STRANGER)
    found, statuses = surprises(running, FEW_EXAMPLES)
    assert found == {}
    assert 401 in statuses
