"""A certificate of our own making, for a first start with TLS; browsers ask once whether to trust it."""

from __future__ import annotations

import ipaddress
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from anmi.kit.secret_files import write_private

# Browsers refuse certificates that are valid for longer.
VALID_FOR = timedelta(days=397)
RENEW_BEFORE = timedelta(days=30)


def own_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Return certificate and key for this machine, made in `folder` when they are missing or near their end."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (certificate.exists() and key.exists() and _is_good(certificate, host)):
        _make(certificate, key, host)
    return certificate, key


def _is_good(path: Path, host: str) -> bool:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    lasts = certificate.not_valid_after_utc - datetime.now(UTC) > RENEW_BEFORE
    return lasts and all(name in names for name in _names(host))


def _make(certificate_path: Path, key_path: Path, host: str) -> None:
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anmi on this machine")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(key_path, private.decode())
    write_private(certificate_path, certificate.public_bytes(serialization.Encoding.PEM).decode())


def _names(host: str) -> list[x509.GeneralName]:
    names: list[x509.GeneralName] = []
    for name in dict.fromkeys(("localhost", "127.0.0.1", "::1", socket.gethostname(), host)):
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            if name and name.isascii():
                names.append(x509.DNSName(name))
        else:
            # "Every address" is where we listen, not what a browser asks for.
            if not address.is_unspecified:
                names.append(x509.IPAddress(address))
    return names
