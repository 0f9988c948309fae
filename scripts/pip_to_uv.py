"""Print the machine's pip settings as uv's environment variables: uv does not read pip's files.

What is already set for uv stays. All sources are searched, as pip does: the hashes decide, not the place.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys


def pip_settings() -> dict[str, str]:
    """Read what pip would use: its files first, then its environment variables, which win."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    settings: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        for line in listed.splitlines():
            name, _, value = line.partition("=")
            where, _, key = name.partition(".")
            if where == section and value:
                settings[key] = value.strip().strip("'\"").replace("\\n", " ").strip()
    return settings


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """Say the same in uv's words."""
    uv = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": pip.get("trusted-host"),
        "UV_HTTP_TIMEOUT": pip.get("default-timeout") or pip.get("timeout"),
        "SSL_CERT_FILE": pip.get("cert"),
        "HTTPS_PROXY": pip.get("proxy"),
        "UV_NO_INDEX": "1" if pip.get("no-index", "").lower() in {"1", "true", "yes", "on"} else None,
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    return {name: value for name, value in uv.items() if value and name not in os.environ}


if __name__ == "__main__":
    for name, value in uv_settings(pip_settings()).items():
        print(f"export {name}={shlex.quote(value)}")
