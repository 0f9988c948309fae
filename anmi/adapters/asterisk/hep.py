"""What the wire said: copies of SIP messages that Asterisk sends us (HEP), read for why a call was turned down.

Asterisk 22 replaces the carrier's `Reason: Q.850` by a cause of its own making; the copy still has it. A copy comes a
moment before Asterisk's own event, so that whoever asks finds it there.
"""

from __future__ import annotations

import asyncio
import re
import struct
from collections import OrderedDict
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Self

REMEMBERED: Final = 5_000
PAYLOAD: Final = 0x000F
CORRELATION: Final = 0x0011
# Most of what is said is assent: only refusals and withdrawals are read any further.
_REFUSALS: Final = (b"SIP/2.0 3", b"SIP/2.0 4", b"SIP/2.0 5", b"SIP/2.0 6", b"CANCEL ")
_HEADER: Final = struct.Struct("!HHH")
_CALL_ID: Final = re.compile(r"^(?:call-id|i)[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_CSEQ: Final = re.compile(r"^cseq[ \t]*:[ \t]*\d+[ \t]+(\w+)", re.IGNORECASE | re.MULTILINE)
_REASON: Final = re.compile(
    r"^reason[ \t]*:.*?Q\.850[ \t]*;[ \t]*cause[ \t]*=[ \t]*(\d+)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Said:
    """What the wire said about one attempt."""

    sip: int | None = None
    """The final answer, when it was a refusal."""
    q850: int | None = None
    is_cancelled: bool = False
    """We withdrew the attempt ourselves."""


class Wire:
    """Listens for copies and remembers the last some thousand refusals by their SIP Call-ID."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._said: OrderedDict[str, Said] = OrderedDict()
        self._transport: asyncio.DatagramTransport | None = None

    async def __aenter__(self) -> Self:
        listener = _Listener(self)
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: listener, local_addr=(self._host, self._port)
        )
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _t: TracebackType | None
    ) -> None:
        if self._transport:
            self._transport.close()

    def about(self, call_id: str) -> Said:
        """Return what was said about an attempt."""
        return self._said.get(call_id, Said())

    def hear(self, copy: bytes) -> None:
        """Take one copy; what is no refusal is passed over."""
        message = payload_of(copy)
        if message is None or not message.startswith(_REFUSALS):
            return
        head = message.partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace").replace("\r\n", "\n")
        call_id, cseq = _CALL_ID.search(head), _CSEQ.search(head)
        if not call_id or not cseq:
            return
        before = self.about(call_id.group(1))
        if head.startswith("CANCEL "):
            self._remember(call_id.group(1), replace(before, is_cancelled=True))
        elif cseq.group(1).upper() == "INVITE" and (status := _status(head)) >= 300:
            reason = _REASON.search(head)
            self._remember(call_id.group(1), replace(before, sip=status, q850=int(reason.group(1)) if reason else None))

    def _remember(self, call_id: str, said: Said) -> None:
        self._said[call_id] = said
        self._said.move_to_end(call_id)
        while len(self._said) > REMEMBERED:
            self._said.popitem(last=False)


def payload_of(copy: bytes) -> bytes | None:
    """Return the SIP message within a HEPv3 packet; None for anything else."""
    if copy[:4] != b"HEP3":
        return None
    at = 6
    while at + _HEADER.size <= len(copy):
        vendor, kind, length = _HEADER.unpack_from(copy, at)
        if length < _HEADER.size:
            return None
        if vendor == 0 and kind == PAYLOAD:
            return copy[at + _HEADER.size : at + length]
        at += length
    return None


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        self._wire.hear(data)


def _status(head: str) -> int:
    word = head[8:11]
    return int(word) if word.isdigit() else 0
