"""`anmi up`: run the whole product."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from anmi.entrypoints.cli.common import read_settings, told_plainly
from anmi.entrypoints.up import up as run_up
from anmi.entrypoints.up import with_tls
from anmi.kit.settings import Settings

Tls = Annotated[bool, typer.Option("--tls", help="Speak TLS; without a certificate one is made.")]
Certificate = Annotated[Path | None, typer.Option(help="The certificate, PEM, with its chain.", exists=True)]
Key = Annotated[Path | None, typer.Option(help="The key of the certificate, PEM.", exists=True)]
Host = Annotated[str | None, typer.Option(help="Where to listen; by default this machine only.")]
Port = Annotated[int | None, typer.Option(help="0 lets the system choose.")]

app = typer.Typer()


@app.command()
def up(
    tls: Tls = False,
    certificate: Certificate = None,
    key: Key = None,
    host: Host = None,
    port: Port = None,
) -> None:
    """Run the whole product, database, web and worker, until Ctrl-C."""
    with told_plainly():
        settings = tell_tls(read_settings(host=host, port=port), tls=tls, certificate=certificate, key=key)
        asyncio.run(run_up(settings, announce=_announce))


def tell_tls(settings: Settings, *, tls: bool, certificate: Path | None, key: Path | None) -> Settings:
    """Return the settings with TLS as the command line says."""
    if (certificate is None) != (key is None):
        raise typer.BadParameter("a certificate needs its key, and a key its certificate")
    if certificate:
        return settings.model_copy(update={"tls_certificate": certificate, "tls_key": key})
    return with_tls(settings) if tls else settings


def _announce(url: str) -> None:
    typer.echo(f"\n  安米智能催收 · Anmi   {url}\n  Ctrl-C stops it.\n")
