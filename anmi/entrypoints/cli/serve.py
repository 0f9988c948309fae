"""`anmi serve`: the web server alone, as `anmi up` starts it or on a machine of its own."""

from __future__ import annotations

import os
import resource
import socket
from typing import Annotated

import typer
import uvicorn

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.cli.up import Certificate, Host, Key, Port, Tls, tell_tls
from anmi.entrypoints.database import with_running_database
from anmi.entrypoints.http import create_app
from anmi.entrypoints.listening import listen, refuse_plain_http
from anmi.kit import logs
from anmi.kit.settings import Settings

# How long open requests may still take when the server is asked to stop.
FAREWELL_SECONDS = 5
LONGEST_WEBSOCKET_MESSAGE = 64 * 1024

app = typer.Typer()


@app.command()
def serve(
    tls: Tls = False,
    certificate: Certificate = None,
    key: Key = None,
    host: Host = None,
    port: Port = None,
    connections: Annotated[int, typer.Option(help="More at once are answered 503.", min=1)] = 4096,
) -> None:
    """Run the web server alone; the database must run already."""
    with told_plainly():
        settings = tell_tls(read_settings(host=host, port=port), tls=tls, certificate=certificate, key=key)
        refuse_plain_http(settings)
        logs.configure(settings.log_level, settings.log_form, process="web")
        settings = with_running_database(settings)
        with _listener(settings) as listener:
            _allow_many_connections()
            server = uvicorn.Server(_configuration(settings, connections))
            server.run(sockets=[listener])
            if not server.started:
                raise typer.Exit(1)


def _configuration(settings: Settings, connections: int) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(settings),
        log_config=None,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        ws="websockets-sansio",
        ws_max_size=LONGEST_WEBSOCKET_MESSAGE,
        # Only a proxy we were told of may speak for others.
        proxy_headers=settings.public_url is not None,
        server_header=False,
        limit_concurrency=connections,
        timeout_graceful_shutdown=FAREWELL_SECONDS,
    )


def _allow_many_connections() -> None:
    # Every browser keeps a WebSocket open; many systems allow a process 1024 files unless it asks for more.
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _listener(settings: Settings) -> socket.socket:
    """Return the socket that `anmi up` holds open for us, or one of our own."""
    inherited = os.environ.get("ANMI_LISTEN_FD")
    return socket.socket(fileno=int(inherited)) if inherited else listen(settings.host, settings.port)
