"""A telephone network in a hundred lines: it answers each number as it was told to, word for word on the wire."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

RELEASE_AFTER = 0.05


@dataclass(frozen=True, slots=True)
class Answering:
    """How a number answers: what comes first, the final status, and what its Reason header says."""

    final: int | None
    q850: int | None = None
    provisional: tuple[int, ...] = ()
    hangs_up_after: float | None = None


@dataclass(slots=True)
class Attempt:
    """One INVITE that came in."""

    number: str
    headers: Mapping[str, str]
    address: tuple[str, int]
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    is_cancelled: bool = False
    is_released: bool = False
    """The other side has said BYE."""
    last_words: bytes = b""

    @property
    def caller(self) -> str:
        """The number that calls."""
        found = re.search(r"sip:([^@>]*)@", self.headers["from"])
        return found.group(1) if found else ""


class Network(asyncio.DatagramProtocol):
    """Listens on a loopback address of its own."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.numbers: dict[str, Answering] = {}
        self.attempts: dict[str, Attempt] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=(self.host, 5060))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._transport:
            self._transport.close()

    def attempt(self, number: str) -> Attempt:
        """Return the last attempt to reach a number."""
        return [attempt for attempt in self.attempts.values() if attempt.number == number][-1]

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        head, *lines = data.decode().split("\r\n\r\n")[0].split("\r\n")
        headers = {name.strip().lower(): value for name, _, value in (line.partition(": ") for line in reversed(lines))}
        method, call_id = head.split(" ")[0], headers["call-id"]
        known = self.attempts.get(call_id)
        match method:
            case "INVITE" if known:
                self._send(known.last_words, addr)
            case "INVITE":
                number = re.search(r"sip:([^@;]*)@", head)
                attempt = self.attempts[call_id] = Attempt(number.group(1) if number else "", headers, addr)
                task = asyncio.get_running_loop().create_task(self._answer(attempt))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case "CANCEL" if known:
                known.is_cancelled = True
                self._send(_response(200, headers, known.tag), addr)
                self._say(known, 487)
            case "BYE":
                if known:
                    known.is_released = True
                self._send(_response(200, headers, known.tag if known else "x"), addr)
            case _:
                pass

    async def _answer(self, attempt: Attempt) -> None:
        plan = self.numbers.get(attempt.number, Answering(404))
        self._say(attempt, 100)
        for status in plan.provisional:
            self._say(attempt, status)
            await asyncio.sleep(0.01)
        if plan.final is None:
            return
        self._say(attempt, plan.final, plan.q850, with_sound=plan.final == 200)
        if plan.final == 200 and plan.hangs_up_after is not None:
            await asyncio.sleep(plan.hangs_up_after)
            self._send(self._bye(attempt), attempt.address)

    def _say(self, attempt: Attempt, status: int, q850: int | None = None, *, with_sound: bool = False) -> None:
        words = _response(status, attempt.headers, attempt.tag, self.host, q850, with_sound=with_sound or status == 183)
        attempt.last_words = words
        self._send(words, attempt.address)

    def _bye(self, attempt: Attempt) -> bytes:
        contact = re.search(r"<([^>]+)>", attempt.headers["contact"])
        return _message(
            f"BYE {contact.group(1) if contact else ''} SIP/2.0",
            {
                "Via": f"SIP/2.0/UDP {self.host}:5060;branch=z9hG4bK{secrets.token_hex(6)}",
                "Max-Forwards": "70",
                "From": f"{attempt.headers['to']};tag={attempt.tag}",
                "To": attempt.headers["from"],
                "Call-ID": attempt.headers["call-id"],
                "CSeq": "1 BYE",
                "Content-Length": "0",
            },
        )

    def _send(self, words: bytes, address: tuple[str, int]) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(words, address)


def _response(
    status: int,
    headers: Mapping[str, str],
    tag: str,
    host: str = "127.0.0.1",
    q850: int | None = None,
    *,
    with_sound: bool = False,
) -> bytes:
    to = headers["to"] if ";tag=" in headers["to"] or status == 100 else f"{headers['to']};tag={tag}"
    session = (
        f"v=0\r\no=- 1 1 IN IP4 {host}\r\ns=-\r\nc=IN IP4 {host}\r\nt=0 0\r\n"
        "m=audio 40000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
        if with_sound
        else ""
    )
    told = {
        "Via": headers["via"],
        "From": headers["from"],
        "To": to,
        "Call-ID": headers["call-id"],
        "CSeq": headers["cseq"],
        "Contact": f"<sip:{host}:5060>",
        **({"Reason": f'Q.850;cause={q850};text="as told"'} if q850 is not None else {}),
        **({"Content-Type": "application/sdp"} if session else {}),
        "Content-Length": str(len(session)),
    }
    return _message(f"SIP/2.0 {status} As Told", told) + session.encode()


def _message(head: str, headers: Mapping[str, str]) -> bytes:
    return "\r\n".join([head, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
