"""Where the web server listens, who may listen there without TLS, and whether it answers."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl

from anmi.kit.settings import Settings

ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - recognised, not bound
ANSWER_SECONDS = 5.0


class CannotListen(Exception):
    """The web server may not or cannot listen where it was told to."""


def refuse_plain_http(settings: Settings) -> None:
    """Refuse to speak plain HTTP where other machines could listen, unless told otherwise."""
    if settings.tls_certificate or settings.allow_plain_http or is_loopback(settings.host):
        return
    raise CannotListen(
        f"Anmi does not speak plain HTTP on {settings.host or 'all addresses'}: passwords and personal data would "
        "travel in the open. Start it with --tls, or set ANMI_ALLOW_PLAIN_HTTP=1 when a proxy before it speaks TLS."
    )


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address never leaves this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 lets the system choose."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as fault:
        listener.close()
        raise CannotListen(
            f"Anmi cannot listen on {host or 'all addresses'}, port {port}: {fault.strerror or fault}. "
            "Choose another port with ANMI_PORT (0 lets the system choose)."
        ) from fault
    return listener


def url_of(settings: Settings, port: int) -> str:
    """Return the address for a browser on this machine, or the public one where it was told."""
    if settings.public_url:
        return settings.public_url
    host = ANY_HOST.get(settings.host, settings.host)
    scheme = "https" if settings.tls_certificate else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


async def answers(settings: Settings, port: int) -> bool:
    """Ask our own web server whether it is healthy."""
    host = ANY_HOST.get(settings.host, settings.host)
    request = f"GET /healthz HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    writer: asyncio.StreamWriter | None = None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=_own_server() if settings.tls_certificate else None
            )
            writer.write(request)
            return b" 200 " in await reader.readline()
    except (OSError, TimeoutError):
        return False
    finally:
        if writer:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _own_server() -> ssl.SSLContext:
    # We ask the socket we opened ourselves; the name in the certificate is for others.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
