"""How long `anmi up` takes until it answers: on an empty folder, later, and after each of its processes is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

RUNS = 3
PATIENCE_SECONDS = 120.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for run in range(RUNS):
            print(f"first start on an empty folder   {start_and_stop(Path(folder) / str(run)):6.2f} s")
        data_dir = Path(folder) / "0"
        for _ in range(RUNS):
            print(f"later start                      {start_and_stop(data_dir):6.2f} s")
        process, _ = start(data_dir)
        url = (data_dir / "address").read_text().strip()
        for word in ("serve", "worker", "postgres"):
            print(f"{word + ' killed, ready again after':<33}{heal(process, url, word):6.2f} s")
        stop(process)


def start_and_stop(data_dir: Path) -> float:
    process, seconds = start(data_dir)
    stop(process)
    return seconds


def start(data_dir: Path) -> tuple[subprocess.Popen[bytes], float]:
    environment = os.environ | {"ANMI_DATA_DIR": str(data_dir), "ANMI_PORT": "0"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "anmi", "up"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until((data_dir / "address").exists)
    return process, time.monotonic() - began


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE_SECONDS)


def heal(process: subprocess.Popen[bytes], url: str, word: str) -> float:
    killed = child(process.pid, word)
    assert killed
    began = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    until(lambda: child(process.pid, word) not in {killed, None})
    until(lambda: is_ready(url))
    return time.monotonic() - began


def child(parent: int, word: str) -> int | None:
    for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        if words[-1] == word or (word == "postgres" and "-D" in words):
            return int(pid)
    return None


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as answer:
        answer.close()
        return False
    except OSError:
        return False


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            sys.exit("it took too long")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
