"""Every table there is: importing this fills the metadata, for migrations and for the tests that walk it."""

from __future__ import annotations

import importlib
import pkgutil

import anmi
from anmi.kit.db import Base

_TABLES_BESIDE_ROOMS = ("anmi.kit.audit", "anmi.kit.live", "anmi.kit.idempotency")


def load() -> type[Base]:
    """Import all `models` modules of all rooms and return the base that knows their tables."""
    for name in _TABLES_BESIDE_ROOMS:
        importlib.import_module(name)
    for module in pkgutil.walk_packages(anmi.__path__, "anmi."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)
    return Base
