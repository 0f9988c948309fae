"""The gate: who a request comes from, and whether it may pass at all."""

from __future__ import annotations

from fastapi import Request, WebSocket

from anmi.kit.caller import Caller, CallerKind
from anmi.kit.errors import NotSignedIn
from anmi.kit.hub import Heard
from anmi.kit.unit_of_work import Units
from anmi.kit.web import Requirement


class SessionGate:
    """Admits strangers to public routes; everybody else shows a session or a token."""

    def __init__(self, units: Units, *, demo: bool = False) -> None:
        self._units = units
        self._demo = demo

    async def admit(self, request: Request, requirement: Requirement) -> Caller:
        """Return the caller of a request."""
        if requirement.level == "public":
            return Caller(CallerKind.STRANGER)
        raise NotSignedIn

    async def admit_socket(self, socket: WebSocket) -> Caller:
        """Return the caller of a live socket."""
        raise NotSignedIn

    def hear(self, heard: Heard) -> None:
        """Forget what the news made old."""
