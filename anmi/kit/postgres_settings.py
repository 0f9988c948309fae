"""The settings of the embedded PostgreSQL: measured to the machine, and silent about people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

MEBIBYTE = 1024**2

CONTAINER_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def write_settings(data_dir: Path, socket_dir: Path, tuning: Mapping[str, str]) -> None:
    """Write `postgresql.conf`; the operator's own settings in `own.conf` go before ours."""
    own = data_dir / "own.conf"
    lines = (f"{name} = {_quoted(value)}" for name, value in (_settings(socket_dir) | dict(tuning)).items())
    text = "\n".join(
        (
            "# Written by Anmi at every start. Your own settings go into own.conf, beside this file.",
            *lines,
            f"include '{own.name}'\n" if own.exists() else "",
        )
    )
    (data_dir / "postgresql.conf").write_text(text, encoding="utf-8")


def memory_bytes() -> int:
    """Return the bytes of memory available to all our processes together."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *(limit for path in CONTAINER_LIMITS if (limit := _limit(path)))])


def _limit(path: Path) -> int | None:
    try:
        said = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None


def _settings(socket_dir: Path) -> dict[str, str]:
    memory = memory_bytes()
    return {
        "listen_addresses": "",
        "unix_socket_directories": f'"{socket_dir}"',
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "shared_buffers": f"{_between(memory // 8, 128, 4096)}MB",
        "effective_cache_size": f"{_between(memory // 2, 256, 65536)}MB",
        "maintenance_work_mem": f"{_between(memory // 32, 64, 1024)}MB",
        "work_mem": "16MB",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "dynamic_shared_memory_type": "posix" if _has_room_in_shared_memory() else "mmap",
        # What people typed or who they are must not reach the log: no statement, no parameter, no key of a row.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
        "log_line_prefix": "",
        "log_checkpoints": "off",
    }


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _between(size: int, least_mebibytes: int, most_mebibytes: int) -> int:
    return min(max(size // MEBIBYTE, least_mebibytes), most_mebibytes)


def _has_room_in_shared_memory() -> bool:
    # Containers often give /dev/shm 64 MB, too little for parallel queries.
    try:
        return shutil.disk_usage("/dev/shm").total >= 512 * MEBIBYTE  # noqa: S108 - asked, not written
    except OSError:
        return False
