"""The phone's socket carries the phone of the caller and nobody else's."""

from __future__ import annotations

import pytest

from anmi.entrypoints.phone_socket import is_of

REGISTER = "REGISTER sip:anmi SIP/2.0\r\nVia: SIP/2.0/WS x\r\nFrom: <sip:{}@anmi>;tag=1\r\nTo: <sip:p1@anmi>\r\n\r\n"


@pytest.mark.parametrize(
    ("message", "may_pass"),
    [
        (REGISTER.format("p1"), True),
        (REGISTER.format("p2"), False),
        ('INVITE sip:8001@anmi SIP/2.0\r\nf: "x" <sip:p1@anmi>\r\n\r\n', True),
        ("INVITE sip:8001@anmi SIP/2.0\r\nTo: <sip:p1@anmi>\r\n\r\n", False),
        ("SIP/2.0 200 OK\r\nFrom: <sip:asterisk@anmi>\r\n\r\n", True),
        ("\r\n\r\n", True),
    ],
)
def test_a_request_passes_in_the_phones_own_name_only(message: str, may_pass: bool) -> None:
    assert is_of(message, "p1") is may_pass
