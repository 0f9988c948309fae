"""Have an Asterisk on this machine: `python -m anmi.adapters.asterisk` finds one or fetches it, and says which."""

from __future__ import annotations

import sys

from anmi.adapters.asterisk.fetching import fetch
from anmi.adapters.asterisk.installation import Installation, NoAsterisk, find
from anmi.kit.settings import Settings


def main() -> int:
    """Find or fetch; tell which, or why none can be had."""
    settings = Settings()
    try:
        found: Installation = find(settings.data_dir, settings.asterisk_root) or fetch(settings.data_dir, _say)
    except NoAsterisk as fault:
        _say(str(fault))
        return 1
    _say(f"Asterisk {found.release} in {found.root}")
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


sys.exit(main())
