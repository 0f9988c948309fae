"""Passwords never travel in the open, and an address is told as a browser would write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from anmi.entrypoints.listening import CannotListen, listen, refuse_plain_http, url_of
from anmi.kit.settings import Settings


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_plain_http_is_welcome_on_this_machine(host: str) -> None:
    refuse_plain_http(Settings(host=host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1", "agency.example"])
def test_plain_http_is_refused_where_others_could_listen(host: str) -> None:
    with pytest.raises(CannotListen, match="--tls"):
        refuse_plain_http(Settings(host=host))


def test_tls_or_the_word_of_the_operator_lets_it_pass() -> None:
    refuse_plain_http(Settings(host="0.0.0.0", allow_plain_http=True))
    refuse_plain_http(Settings(host="0.0.0.0", tls_certificate=Path("certificate.pem")))


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "http://127.0.0.1:8170"),
        ({"host": "::1"}, "http://[::1]:8170"),
        ({"host": "0.0.0.0", "tls_certificate": "certificate.pem"}, "https://127.0.0.1:8170"),
        ({"public_url": "https://anmi.example"}, "https://anmi.example"),
    ],
)
def test_the_address_is_one_a_browser_here_can_open(settings: dict[str, str], url: str) -> None:
    assert url_of(Settings.model_validate(settings), 8170) == url


def test_two_cannot_listen_at_one_place() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(CannotListen, match=f"port {port}"):
            listen("127.0.0.1", port)
