"""Where an instance listens and what opens it: chosen once, kept in `instance.json`, read by whoever speaks to it."""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final, Self
from uuid import uuid4

from anmi.kit.secret_files import read_json, write_private

FILE: Final = "instance.json"
LOOPBACK: Final = "127.0.0.1"
SIP_PORT: Final = 5060
# Below the ports the system gives away by itself (32768 and up), above the ones that services are known by.
LOWEST_RTP_PORT: Final = 20_000
RTP_PORTS: Final = 1_000
RTP_BLOCKS: Final = 12
ATTEMPTS: Final = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where an instance is to listen, where it is not for us to choose."""

    sip_host: str | None = None
    """The address of this machine that carriers reach; none means a loopback address of its own."""
    sip_port: int = SIP_PORT
    media_address: str | None = None
    """The address that carriers and browsers send their media to; by default the one of `sip_host`."""
    rtp_ports: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses and secrets of one instance."""

    sip_host: str
    sip_port: int
    media_address: str
    rtp_start: int
    rtp_end: int
    http_port: int
    ami_port: int
    hep_port: int
    media_port: int
    watch_port: int
    ari_secret: str
    ami_secret: str
    identity: str
    """Tells calls that arrive here from those of every other switch."""
    http_host: str = LOOPBACK
    ami_host: str = LOOPBACK
    hep_host: str = LOOPBACK
    media_host: str = LOOPBACK

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read what was chosen for the instance in `folder`."""
        kept = read_json(folder / FILE)
        return cls(**{field.name: kept[field.name] for field in fields(cls) if field.name in kept})

    @property
    def ari_url(self) -> str:
        """Where commands are taken."""
        return f"http://{self.http_host}:{self.http_port}/ari"

    @property
    def phone_url(self) -> str:
        """Where browser phones register; our own web server brings them there."""
        return f"ws://{self.http_host}:{self.http_port}/ws"

    @property
    def sip_address(self) -> str:
        """`host:port` for carriers and ordinary phones."""
        return f"{self.sip_host}:{self.sip_port}"

    def as_blanks(self) -> dict[str, object]:
        """Return what templates are filled in with."""
        return asdict(self)


def choose(folder: Path, wanted: Wanted) -> Places:
    """Return the places of the instance in `folder`: those it had, unless another took them or others are wanted."""
    kept: Places | None = None
    with contextlib.suppress(FileNotFoundError, KeyError, TypeError, ValueError):
        kept = Places.read(folder)
    chosen = _fitting(kept, wanted) if kept else _new(folder, wanted)
    if chosen != kept:
        write_private(folder / FILE, json.dumps(asdict(chosen), indent=2))
    return chosen


def _new(folder: Path, wanted: Wanted) -> Places:
    sip_host = wanted.sip_host or _own_loopback(wanted.sip_port)
    rtp_start, rtp_end = wanted.rtp_ports or _rtp_block(folder)
    tcp = _free_ports(socket.SOCK_STREAM, 4)
    return Places(
        sip_host=sip_host,
        sip_port=wanted.sip_port,
        media_address=wanted.media_address or sip_host,
        rtp_start=rtp_start,
        rtp_end=rtp_end,
        http_port=tcp[0],
        ami_port=tcp[1],
        media_port=tcp[2],
        watch_port=tcp[3],
        hep_port=_free_ports(socket.SOCK_DGRAM, 1)[0],
        ari_secret=secrets.token_urlsafe(24),
        ami_secret=secrets.token_urlsafe(24),
        identity=str(uuid4()),
    )


def _fitting(kept: Places, wanted: Wanted) -> Places:
    """Keep what still fits: others rely on it."""
    places = kept
    if wanted.sip_host and (wanted.sip_host, wanted.sip_port) != (kept.sip_host, kept.sip_port):
        places = replace(places, sip_host=wanted.sip_host, sip_port=wanted.sip_port, media_address=wanted.sip_host)
    if wanted.media_address:
        places = replace(places, media_address=wanted.media_address)
    if wanted.rtp_ports:
        places = replace(places, rtp_start=wanted.rtp_ports[0], rtp_end=wanted.rtp_ports[1])
    if not wanted.sip_host and not _is_free(socket.SOCK_DGRAM, places.sip_host, places.sip_port):
        host = _own_loopback(places.sip_port)
        places = replace(places, sip_host=host, media_address=wanted.media_address or host)
    if not _is_free(socket.SOCK_STREAM, places.http_host, places.http_port):
        places = replace(places, http_port=_free_ports(socket.SOCK_STREAM, 1)[0])
    if not _is_free(socket.SOCK_STREAM, places.ami_host, places.ami_port):
        places = replace(places, ami_port=_free_ports(socket.SOCK_STREAM, 1)[0])
    return places


def _own_loopback(port: int) -> str:
    """Return a loopback address nobody uses: instances tell carriers apart by address, not by port."""

    def draw() -> str:
        return f"127.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}.{1 + secrets.randbelow(254)}"

    return _first(draw, lambda host: _is_free(socket.SOCK_DGRAM, host, port))


def _rtp_block(folder: Path) -> tuple[int, int]:
    """Return a range of ports that no instance beside this one has."""
    taken = {Places.read(path.parent).rtp_start for path in folder.parent.glob(f"*/{FILE}") if path.parent != folder}
    free = [start for block in range(RTP_BLOCKS) if (start := LOWEST_RTP_PORT + block * RTP_PORTS) not in taken]
    start = secrets.choice(free)
    return start, start + RTP_PORTS - 1


def _first(draw: Callable[[], str], fits: Callable[[str], bool]) -> str:
    for _ in range(ATTEMPTS):
        if fits(drawn := draw()):
            return drawn
    return LOOPBACK


def _free_ports(kind: socket.SocketKind, count: int) -> list[int]:
    """Return ports of loopback that are free now; they are held together while chosen, so that they differ."""
    with contextlib.ExitStack() as held:
        ports: list[int] = []
        for _ in range(count):
            found = held.enter_context(socket.socket(socket.AF_INET, kind))
            found.bind((LOOPBACK, 0))
            ports.append(found.getsockname()[1])
        return ports


def _is_free(kind: socket.SocketKind, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
