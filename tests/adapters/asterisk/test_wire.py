"""Copies of the wire: what is a refusal is remembered, and nothing that comes as a packet does any harm."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from anmi.adapters.asterisk.hep import REMEMBERED, Said, Wire, payload_of


def copy(message: str) -> bytes:
    """Return a message as Asterisk sends its copy."""
    payload = message.replace("\n", "\r\n").encode()
    chunks = [(1, b"\x02"), (0x0011, b"ignored"), (0x000F, payload)]
    body = b"".join(struct.pack("!HHH", 0, kind, 6 + len(data)) + data for kind, data in chunks)
    return b"HEP3" + struct.pack("!H", 6 + len(body)) + body


def refusal(call_id: str, status: int = 480, reason: str = "", method: str = "INVITE") -> bytes:
    return copy(f"SIP/2.0 {status} No\nCall-ID: {call_id}\nCSeq: 7 {method}\n{reason}\n\n")


def heard(*copies: bytes) -> Wire:
    wire = Wire("127.0.0.1", 0)
    for each in copies:
        wire.hear(each)
    return wire


def test_the_carriers_reason_is_read() -> None:
    for reason in (
        'Reason: Q.850;cause=20;text="absent"',
        "reason : SIP;cause=480, Q.850 ; cause = 20",
        "REASON:Q.850;cause=20",
    ):
        assert heard(refusal("a", 480, f"{reason}\n")).about("a") == Said(480, 20)


def test_what_is_no_refusal_of_a_call_is_passed_over() -> None:
    wire = heard(
        refusal("a", 200), refusal("b", 180), refusal("c", 481, method="BYE"), copy("OPTIONS sip:x SIP/2.0\n\n")
    )
    assert [wire.about(call_id) for call_id in "abc"] == [Said()] * 3


def test_our_own_withdrawal_is_remembered_with_its_answer() -> None:
    cancel = copy("CANCEL sip:x SIP/2.0\nCall-ID: a\nCSeq: 7 CANCEL\n\n")
    assert heard(cancel, refusal("a", 487)).about("a") == Said(487, None, is_cancelled=True)


def test_it_does_not_remember_for_ever() -> None:
    wire = heard(*(refusal(str(number)) for number in range(REMEMBERED + 1)))
    assert wire.about("0") == Said()
    assert wire.about(str(REMEMBERED)).sip == 480


@given(st.binary(max_size=200), st.integers(0, 300))
def test_no_packet_does_harm(noise: bytes, cut: int) -> None:
    wire = heard(noise, b"HEP3" + noise, refusal("a")[:cut], copy("SIP/2.0 4") + noise)
    assert payload_of(noise) is None or noise.startswith(b"HEP3")
    assert wire.about("b") == Said()
