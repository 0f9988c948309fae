"""What the house costs: an authenticated list through Anmi against the same query through bare FastAPI and psycopg.

Both servers run in turn on the same embedded PostgreSQL with the same 32 keep-alive connections. Also stated: the
price of row-level security and of opening 50 sealed fields, and how much 2,000 live sockets with one message a second
each take. Run: `make bench` or `.venv/bin/python benchmarks/foundation.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import httpx
import psycopg
from websockets.asyncio.client import connect

from anmi.kit.embedded_postgres import APP, OWNER, EmbeddedPostgres
from anmi.kit.migrations import migrate
from anmi.kit.settings import Settings

PEOPLE = 2000

BARE = '''
import os
from contextlib import asynccontextmanager

from fastapi import FastAPI
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

pool = AsyncConnectionPool(os.environ["BARE_URL"], min_size=10, max_size=10, open=False)


@asynccontextmanager
async def lifespan(app):
    await pool.open(wait=True)
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)
QUERY = """
SELECT p.id, p.employee_no, p.name_sealed, p.phone_sealed, p.unit_id, u.name AS unit_name, p.state, p.created_at,
       p.training_valid_until, p.must_change_password, p.last_seen_at, p.version,
       array(SELECT g.role FROM grants g WHERE g.person_id = p.id) AS roles, (SELECT count(*) FROM people) AS total
FROM people p JOIN org_units u ON u.id = p.unit_id ORDER BY p.employee_no, p.id LIMIT 51
"""


@app.get("/people")
async def people():
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=dict_row)
        rows = await (await cursor.execute(QUERY)).fetchall()
    return {"items": [row | {"name_sealed": None, "phone_sealed": None} for row in rows], "total": rows[0]["total"]}
'''


def main() -> None:
    """Run it all and print the figures as JSON lines."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--sockets", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anmi-bench-") as folder:
        data = Path(folder)
        with EmbeddedPostgres(data / "postgres").running() as postgres:
            postgres.make_roles()
            migrate(postgres.url(OWNER), postgres.url(APP))
            accounts = asyncio.run(_people(postgres, data))
            _row_level_security(postgres)
            asyncio.run(_compare(postgres, data, accounts, asked.seconds))
            asyncio.run(_sockets(postgres, data, accounts, asked.sockets))


def tell(what: str, **figures: Any) -> None:
    """Print one line of figures."""
    print(json.dumps({"what": what, **figures}, ensure_ascii=False), flush=True)


async def _people(postgres: EmbeddedPostgres, data: Path) -> list[dict[str, str]]:
    from anmi.entrypoints import demo  # noqa: PLC0415

    settings = Settings(data_dir=data, database_app_url=postgres.url(APP), demo=True)  # pyright: ignore
    await demo.seed(settings)
    accounts = json.loads((data / "secrets" / "demo-accounts.json").read_text())
    with psycopg.connect(postgres.url("postgres")) as connection:
        columns = [
            row[0]
            for row in connection.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = 'people' ORDER BY ordinal_position"
            )
        ]
        changed = {
            "id": "gen_random_uuid()",
            "employee_no": "'X' || lpad(n::text, 6, '0')",
            "phone_index": "decode(md5(n::text), 'hex')",
        }
        chosen = ", ".join(changed.get(column, f"p.{column}") for column in columns)
        connection.execute(
            f"INSERT INTO people ({', '.join(columns)}) SELECT {chosen} FROM people p, generate_series(1, {PEOPLE}) n"
            " WHERE p.employee_no = 'C0001'"
        )
        connection.execute(
            "INSERT INTO grants (id, tenant_id, person_id, role, scope, unit_id)"
            " SELECT gen_random_uuid(), tenant_id, id, 'collector', 'own', unit_id FROM people"
            " WHERE employee_no LIKE 'X%'"
        )
        connection.commit()
        connection.execute("ANALYZE")
    return accounts


def _row_level_security(postgres: EmbeddedPostgres) -> None:
    from anmi.kit.keyring import Keyring  # noqa: PLC0415

    query = (
        "SELECT id, employee_no, name_sealed, phone_sealed FROM people"
        " WHERE tenant_id = %s ORDER BY employee_no LIMIT 50"
    )
    timings: dict[str, float] = {}
    with psycopg.connect(postgres.url("postgres")) as connection:
        (tenant_id,) = connection.execute("SELECT id FROM tenants WHERE code = 'demo'").fetchone() or ("",)
    for name, role in (("bypassed", "postgres"), ("enforced", APP)):
        with psycopg.connect(postgres.url(role), prepare_threshold=1) as connection:
            connection.execute("SELECT set_config('anmi.tenant_id', %s, false)", [str(tenant_id)])
            rows = connection.execute(query, [tenant_id]).fetchall()
            began = time.perf_counter()
            for _ in range(1000):
                connection.execute(query, [tenant_id]).fetchall()
            timings[name] = time.perf_counter() - began
    tell(
        "row-level security, 50 rows",
        **{f"{k}_ms": round(v, 3) for k, v in timings.items()},
        ratio=round(timings["enforced"] / timings["bypassed"], 2),
    )
    ring = Keyring({1: os.urandom(32)}, os.urandom(32), Settings().cipher_suite)
    sealed = [ring.seal(tenant_id, "person.phone", f"1990000{n:04d}") for n in range(50)]
    began = time.perf_counter()
    for _ in range(200):
        for each in sealed:
            ring.open(tenant_id, "person.phone", each)
    tell("opening 50 sealed fields", ms=round((time.perf_counter() - began) / 200 * 1000, 3), rows=len(rows))


@contextlib.contextmanager
def _server(arguments: list[str], environment: dict[str, str], port: int) -> Generator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(arguments, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _anmi(postgres: EmbeddedPostgres, data: Path, port: int) -> tuple[list[str], dict[str, str]]:
    code = (
        "import uvicorn; from anmi.entrypoints.http import create_app;"
        f"uvicorn.run(create_app(), port={port}, log_level='warning', access_log=False)"
    )
    environment = {"ANMI_DATA_DIR": str(data), "ANMI_DATABASE_APP_URL": postgres.url(APP), "ANMI_DEMO": "1"}
    return [sys.executable, "-c", code], environment


async def _sign_in(port: int, accounts: list[dict[str, str]]) -> str:
    account = next(account for account in accounts if account["role"] == "system_administrator")
    wanted = {"tenant_code": "demo", "login_by": "employee_no", "login": account["employee_no"]}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
        answer = await client.post("/identity/sessions", json=wanted | {"password": account["password"]})
        answer.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


async def _compare(postgres: EmbeddedPostgres, data: Path, accounts: list[dict[str, str]], seconds: float) -> None:
    bare = data / "bare.py"
    bare.write_text(BARE)
    rates: dict[str, list[float]] = {"anmi": [], "bare": []}
    for _ in range(3):
        port = _free_port()
        code = (
            f"import sys, uvicorn; sys.path.insert(0, {str(data)!r});"
            f"uvicorn.run('bare:app', port={port}, log_level='warning', access_log=False)"
        )
        with _server([sys.executable, "-c", code], {"BARE_URL": postgres.url("postgres")}, port):
            rates["bare"].append(await _load("bare", port, "/people", "", seconds))
        port = _free_port()
        with _server(*_anmi(postgres, data, port), port):
            cookie = await _sign_in(port, accounts)
            rates["anmi"].append(await _load("anmi", port, "/api/v1/identity/people?limit=50", cookie, seconds))
    ratio = statistics.median(a / b for a, b in zip(rates["anmi"], rates["bare"], strict=True))
    tell("authenticated list of 50, anmi / bare", ratio=round(ratio, 2))


async def _load(name: str, port: int, path: str, cookie: str, seconds: float, lines: int = 32) -> float:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    taken: list[float] = []
    until = time.perf_counter() + seconds

    async def line() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode())
            length = next(int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:"))
            await reader.readexactly(length)
            taken.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(line() for _ in range(lines)))
    rate = len(taken) / seconds
    p95 = statistics.quantiles(taken, n=20)[-1] * 1000
    tell(f"list of 50 through {name}", per_second=round(rate), p95_ms=round(p95, 1), connections=lines)
    return rate


async def _sockets(postgres: EmbeddedPostgres, data: Path, accounts: list[dict[str, str]], count: int) -> None:
    port = _free_port()
    with _server(*_anmi(postgres, data, port), port) as server:
        cookie = await _sign_in(port, accounts)
        before = _memory(server.pid)
        async with _open(port, cookie, count) as pages:
            after = _memory(server.pid)
            cpu, began = _cpu(server.pid), time.perf_counter()
            heard = await _talk(postgres, pages, rounds=10)
            spent = time.perf_counter() - began
            share = (_cpu(server.pid) - cpu) / spent
        tell(
            "live sockets, one message a second each",
            sockets=count,
            mib_each=round((after - before) / count / 1024, 3),
            cpu_share_of_a_core=round(share, 2),
            heard=heard,
        )


@contextlib.asynccontextmanager
async def _open(port: int, cookie: str, count: int) -> AsyncGenerator[list[Any]]:
    pages: list[Any] = []
    for start in range(0, count, 100):
        batch = (
            connect(f"ws://127.0.0.1:{port}/api/v1/live", additional_headers={"Cookie": cookie}, compression=None)
            for _ in range(min(100, count - start))
        )
        pages += await asyncio.gather(*batch)
    for page in pages:
        await page.send(json.dumps({"subscribe": ["people"]}))
    for page in pages:
        await page.recv()
    yield pages
    await asyncio.gather(*(page.close() for page in pages))


async def _talk(postgres: EmbeddedPostgres, pages: list[Any], rounds: int) -> int:
    heard = 0

    async def listen(page: Any) -> None:
        nonlocal heard
        for _ in range(rounds):
            await page.recv()
            heard += 1

    listening = asyncio.gather(*(listen(page) for page in pages))
    async with await psycopg.AsyncConnection.connect(postgres.url("postgres"), autocommit=True) as connection:
        row = await (await connection.execute("SELECT id FROM tenants WHERE code = 'demo'")).fetchone()
        for number in range(rounds):
            news = {
                "id": number + 1,
                "tenant_id": str((row or [""])[0]),
                "topic": "people",
                "kind": "Test",
                "about": {},
            }
            await connection.execute("SELECT pg_notify('anmi_live', %s)", [json.dumps(news)])
            await asyncio.sleep(1)
    await asyncio.wait_for(listening, 60)
    return heard


def _memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
