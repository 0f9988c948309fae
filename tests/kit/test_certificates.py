"""A first start with TLS needs nobody to make a certificate."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from anmi.kit.certificates import own_certificate


def names_in(certificate: Path) -> set[str]:
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}


@pytest.mark.parametrize("host", ["127.0.0.1", "192.0.2.7", "agency.example"])
def test_it_names_this_machine_and_what_it_listens_on(tmp_path: Path, host: str) -> None:
    certificate, _key = own_certificate(tmp_path, host)
    assert {"localhost", "127.0.0.1", "::1", host} <= names_in(certificate)


def test_every_address_is_no_name(tmp_path: Path) -> None:
    assert "0.0.0.0" not in names_in(own_certificate(tmp_path, "0.0.0.0")[0])


def test_certificate_and_key_fit_and_the_key_is_ours_alone(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path, "127.0.0.1")
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    assert key.stat().st_mode & 0o777 == 0o600


def test_it_is_kept_as_long_as_it_serves(tmp_path: Path) -> None:
    certificate, _key = own_certificate(tmp_path, "127.0.0.1")
    first = certificate.read_bytes()
    assert own_certificate(tmp_path, "127.0.0.1")[0].read_bytes() == first
    assert own_certificate(tmp_path, "agency.example")[0].read_bytes() != first
