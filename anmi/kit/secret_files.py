"""Secrets on disk: small files that only our own user can read, written whole or not at all."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 0600 in a folder of mode 0700, replacing what was there in one step."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def write_private_once(path: Path, text: str) -> str:
    """Write a file unless it is there already; return what it holds. Two processes that race agree on one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    write_private(draft, text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    else:
        return text
    finally:
        draft.unlink()


def read_json(path: Path) -> Any:
    """Read a private JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))
