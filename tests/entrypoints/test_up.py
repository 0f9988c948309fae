"""The whole product as an operator runs it: started, killed piece by piece, started twice, stopped."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from anmi.kit.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.timeout(180)

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Instance:
    """A running `anmi up`."""

    data_dir: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return (self.data_dir / "address").read_text().strip()

    def has_address(self) -> bool:
        """Tell whether this very run has written its address down."""
        lock = self.data_dir / "anmi.lock"
        return lock.exists() and f'"pid": {self.process.pid}, "url": "http' in lock.read_text()

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.data_dir / "postgres")

    def pid(self, word: str) -> int | None:
        """Return the process id of the child that runs `anmi <word>`, or of postgres."""
        for pid in children(self.process.pid):
            words = command_line(pid)
            if words[-1:] == [word] or (word == "postgres" and "-D" in words):
                return pid
        return None

    def is_ready(self) -> bool:
        return status(f"{self.url}/readyz") == 200

    def kill(self, word: str) -> None:
        """Kill a child and wait until another one has taken its place."""
        before = self.pid(word)
        assert before
        os.kill(before, signal.SIGKILL)
        until(lambda: self.pid(word) not in {before, None})


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except OSError:
        return []


def status(url: str) -> int | None:
    # The certificate may be of our own making.
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=5, context=context) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except OSError:
        return None


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.05)


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ANMI_")}
    return clean | {"ANMI_DATA_DIR": str(data_dir), "ANMI_PORT": "0", "ANMI_SWITCH": "rehearsal"} | more


def run_anmi(data_dir: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "anmi", *words],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@contextmanager
def up(data_dir: Path, *words: str) -> Generator[Instance]:
    """Run `anmi up`; whatever the test does, nothing is left behind."""
    log = data_dir.with_name(f"{data_dir.name}.log")
    with log.open("w") as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "anmi", *(words or ("up",))],
            env=environment(data_dir),
            stdout=told,
            stderr=told,
            text=True,
        )
    instance = Instance(data_dir, process)
    try:
        until(lambda: instance.has_address() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield instance
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0


@contextmanager
def load(instance: Instance) -> Generator[list[int]]:
    """Write and ask without pause; hand out the numbers whose commit was acknowledged."""
    kept: list[int] = []
    over = threading.Event()
    numbers = itertools.count(1)
    with psycopg.connect(instance.postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (a int)")

    def write() -> None:
        while not over.is_set():
            with (
                contextlib.suppress(psycopg.OperationalError),
                psycopg.connect(instance.postgres.url(), autocommit=True) as connection,
            ):
                while not over.is_set():
                    number = next(numbers)
                    connection.execute("INSERT INTO kept VALUES (%s)", [number])
                    kept.append(number)
                    time.sleep(0.002)

    def ask() -> None:
        while not over.wait(0.01):
            status(f"{instance.url}/readyz")

    threads = [threading.Thread(target=target) for target in (write, write, ask)]
    for thread in threads:
        thread.start()
    try:
        yield kept
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with up(tmp_path_factory.mktemp("up") / "data") as running:
        yield running


def test_it_answers_at_the_address_it_wrote_down(instance: Instance) -> None:
    assert instance.url.startswith("http://127.0.0.1:")
    assert status(f"{instance.url}/healthz") == 200
    assert instance.is_ready()


@pytest.mark.parametrize("word", ["serve", "worker", "postgres"])
def test_what_is_killed_under_load_comes_back_and_no_committed_row_is_lost(instance: Instance, word: str) -> None:
    url, web = instance.url, instance.pid("serve")
    with load(instance) as kept:
        until(lambda: len(kept) > 50)
        instance.kill(word)
        until(instance.is_ready)
        before = len(kept)
        until(lambda: len(kept) > before + 50)
    until(lambda: instance.pid("worker") is not None)
    assert instance.url == url
    assert (instance.pid("serve") == web) == (word != "serve")
    with psycopg.connect(instance.postgres.url(), autocommit=True) as connection:
        found = {row[0] for row in connection.execute("SELECT a FROM kept")}
        connection.execute("DROP TABLE kept")
    assert set(kept) <= found


def test_a_second_start_on_the_same_data_is_told_of_the_first(instance: Instance) -> None:
    second = run_anmi(instance.data_dir, "up")
    assert second.returncode == 1
    assert f"already running on the data in {instance.data_dir}" in second.stderr
    assert f"process {instance.process.pid}" in second.stderr
    assert instance.url in second.stderr
    assert "Traceback" not in second.stderr
    assert instance.is_ready()


def test_commands_beside_a_running_instance_use_its_database(instance: Instance) -> None:
    assert run_anmi(instance.data_dir, "migrate").returncode == 0


def test_the_lines_of_all_processes_are_json(instance: Instance) -> None:
    log = instance.data_dir.with_name(f"{instance.data_dir.name}.log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"anmi", "postgres", "web", "migrate"} <= {line["process"] for line in lines}


def test_after_the_whole_tree_was_killed_the_next_start_heals_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with up(tmp_path / "data", "up", "--tls") as instance:
        family = children(instance.process.pid)
        instance.process.kill()
        instance.process.wait()
        until(lambda: not any(command_line(pid) for pid in family))
    with up(tmp_path / "data", "up", "--tls") as healed:
        assert healed.url.startswith("https://")
        assert status(f"{healed.url}/readyz") == 200
        family = children(healed.process.pid)
        # Ctrl-C leaves no process and no lock.
        healed.process.send_signal(signal.SIGINT)
        assert healed.process.wait(PATIENCE_SECONDS) == 0
    assert len(family) == 4, "database, worker, engine, web"
    assert not any(command_line(pid) for pid in family)
    assert not (healed.data_dir / "anmi.lock").exists()
    assert not (healed.data_dir / "address").exists()
    assert healed.postgres.running_pid() is None
    assert (tmp_path / "data" / "tls" / "key.pem").stat().st_mode & 0o777 == 0o600


def test_plain_http_is_refused_where_others_could_listen(tmp_path: Path) -> None:
    refused = run_anmi(tmp_path / "data", "up", ANMI_HOST="0.0.0.0")
    assert refused.returncode == 1
    assert "--tls" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path, instance: Instance) -> None:
    port = instance.url.rpartition(":")[2]
    refused = run_anmi(tmp_path / "data", "up", ANMI_PORT=port)
    assert refused.returncode == 1
    assert f"port {port}" in refused.stderr


def test_a_setting_that_makes_no_sense_is_named(tmp_path: Path) -> None:
    refused = run_anmi(tmp_path / "data", "up", ANMI_PORT="many")
    assert refused.returncode == 2
    assert "ANMI_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_single_process_without_a_database_says_what_it_needs(tmp_path: Path) -> None:
    refused = run_anmi(tmp_path / "data", "serve")
    assert refused.returncode == 1
    assert "anmi up" in refused.stderr
    assert "Traceback" not in refused.stderr
