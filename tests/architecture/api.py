"""All routes of the API with what they require, read from the application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from anmi.kit.web import Requirement, requirement_of

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Declared:
    """A route and what it asks of its caller."""

    method: str
    path: str
    requirement: Requirement | None

    @property
    def names(self) -> tuple[str, ...]:
        """The parts of its path that a caller fills in."""
        return tuple(re.findall(r"{(\w+)", self.path))


def routes_of(app: FastAPI) -> Iterator[Declared]:
    """Yield every HTTP route under the API's address, the description of the API itself aside."""
    for context in iter_route_contexts(app.routes):
        path = context.path or ""
        route = context.original_route
        if not path.startswith(f"{API}/") or path == f"{API}/openapi.json" or not context.methods:
            continue
        requirement = requirement_of(route) if isinstance(route, APIRoute) else None
        for method in sorted(context.methods - {"HEAD"}):
            yield Declared(method, path, requirement)
