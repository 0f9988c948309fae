"""An Asterisk that somebody else runs: one address says where it is, what opens it, and where we meet.

http://anmi:SECRET@HOST:8088?sip=HOST:5060&recordings=/var/spool/asterisk/recording…

Its REST and its manager interface know the user `anmi` by the same secret. Recordings and the prompts of `asterisk/`
lie under the same paths for it and for us.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

import httpx

from anmi.adapters.asterisk.installation import NoAsterisk, is_new_enough
from anmi.adapters.asterisk.instance import USER
from anmi.adapters.asterisk.places import LOOPBACK, SIP_PORT, Places

HTTP_PORT: Final = 8088
ASK_SECONDS: Final = 3.0
RECORDINGS: Final = "/var/spool/asterisk/recording"
MEETINGS: Final = {"ami": 5038, "sip": SIP_PORT}
"""Where it listens, `host:port`, and the port where nobody says otherwise."""
DOORS: Final = {"hep": 9060, "media": 9061, "watch": 9062}
"""Where we listen for it: copies of the signalling, the sound of legs, and the sound of what is watched."""


class UnreadableAddress(NoAsterisk):
    """The address of an Asterisk is none; the message says why and never shows the secret."""

    def __init__(self, why: str) -> None:
        super().__init__(f"ANMI_ASTERISK_URL: {why}")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An Asterisk that is not run by us."""

    places: Places
    recordings: Path
    announcements: Path

    @classmethod
    def read(cls, url: str, announcements: Path) -> Self:
        """Read an address; raise UnreadableAddress for what is none."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or HTTP_PORT
        except ValueError as fault:
            raise UnreadableAddress("this is no address") from fault
        told = dict(parse_qsl(parts.query))
        if parts.scheme != "http" or not host or parts.username != USER or not parts.password:
            raise UnreadableAddress(f"it looks like http://{USER}:SECRET@HOST:{HTTP_PORT}")
        if strange := told.keys() - {*MEETINGS, *DOORS, "sound", "recordings"}:
            raise UnreadableAddress(f"unknown: {', '.join(sorted(strange))}")
        there = {name: _place(told.get(name), host, usual) for name, usual in MEETINGS.items()}
        here = {name: _place(told.get(name), LOOPBACK, usual) for name, usual in DOORS.items()}
        secret = unquote(parts.password)
        places = Places(
            sip_host=there["sip"][0],
            sip_port=there["sip"][1],
            media_address=told.get("sound", there["sip"][0]),
            rtp_start=0,
            rtp_end=0,
            http_port=port,
            ami_port=there["ami"][1],
            hep_port=here["hep"][1],
            media_port=here["media"][1],
            watch_port=here["watch"][1],
            ari_secret=secret,
            ami_secret=secret,
            identity=str(uuid5(NAMESPACE_URL, f"http://{host}:{port}")),
            http_host=host,
            ami_host=there["ami"][0],
            hep_host=here["hep"][0],
            media_host=here["media"][0],
        )
        return cls(places, Path(told.get("recordings", RECORDINGS)), announcements)

    def release(self) -> str:
        """Ask which version it is; raise NoAsterisk where it does not say so, or is too old."""
        address = f"{self.places.ari_url}/asterisk/info"
        try:
            answer = httpx.get(address, auth=(USER, self.places.ari_secret), timeout=ASK_SECONDS, trust_env=False)
            answer.raise_for_status()
            said = str(answer.json()["system"]["version"])
        except (httpx.HTTPError, ValueError, KeyError) as fault:
            raise NoAsterisk(f"The Asterisk at {self.places.http_host} does not answer ({fault}).") from fault
        found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", said)
        version = tuple(int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        if not is_new_enough((version[0], version[1], version[2])):
            raise NoAsterisk(f"The Asterisk at {self.places.http_host} is {said}; Anmi needs 20.16, 22.6 or newer.")
        return said


def _place(told: str | None, host: str, port: int) -> tuple[str, int]:
    if told is None:
        return host, port
    named, colon, number = told.rpartition(":")
    if not colon or not named or not number.isdecimal():
        raise UnreadableAddress(f"{told} is not host:port")
    return named, int(number)
