"""`anmi up`: the whole product as one supervised tree: PostgreSQL, migrations, Asterisk, engine, worker, web, watch."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass

from anmi.adapters.asterisk.installation import NoAsterisk
from anmi.adapters.asterisk.instance import Instance, Kind
from anmi.adapters.speech.choice import SpeechSettings, is_there
from anmi.entrypoints.console import Console
from anmi.entrypoints.database import embedded, with_addresses
from anmi.entrypoints.listening import answers, listen, refuse_plain_http, url_of
from anmi.entrypoints.process_tree import Child, ChildFailed, ProcessTree
from anmi.entrypoints.switches import asterisk_of, switch_of
from anmi.kit.certificates import own_certificate
from anmi.kit.embedded_postgres import STOP_SECONDS, EmbeddedPostgres
from anmi.kit.instance_lock import InstanceLock
from anmi.kit.settings import Settings

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
WORKER_STOP_SECONDS = 30.0
ENGINE_STOP_SECONDS = 5.0
# Recognising speech takes whatever it is given: who talks, and who looks at a page, goes first.
IN_THE_BACKGROUND = 10
BEHIND_CALLS = 3
"""What is said on a call is waited for: before the work of the background, behind the call itself."""
WATCH_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Family:
    """The children of one instance, all told the same."""

    settings: Settings
    listener: socket.socket

    def postgres(self, server: EmbeddedPostgres) -> Child:
        """Return the database."""

        async def is_ready(pid: int) -> bool:
            return server.is_ready(pid)

        return Child(
            "postgres",
            server.command,
            server.environment(),
            prepare=server.prepare,
            is_ready=is_ready,
            after_start=server.make_roles,
            # SIGINT is its fast shutdown: it waits for nobody and loses nothing.
            stop_signal=signal.SIGINT,
            stop_seconds=STOP_SECONDS,
            parent_death_signal=signal.SIGINT,
        )

    def web(self) -> Child:
        """Return the web server; it inherits the listening socket, so a new one takes over where it stood."""

        async def is_ready(_pid: int) -> bool:
            return await answers(self.settings, self.listener.getsockname()[1])

        descriptor = self.listener.fileno()
        environment = self.environment() | {"ANMI_LISTEN_FD": str(descriptor)}
        return Child("web", _anmi("serve"), environment, is_ready=is_ready, keep_open=(descriptor,))

    def worker(self) -> Child:
        """Return the worker of the job queue."""
        stop = WORKER_STOP_SECONDS
        return Child("worker", _anmi("worker"), self.environment(), stop_seconds=stop, niceness=IN_THE_BACKGROUND)

    def asterisk(self, instance: Instance) -> Child:
        """Return a switch: ours, or the network of a rehearsal."""
        return Child(
            f"asterisk {instance.name}",
            instance.command,
            instance.environment(),
            prepare=instance.prepare,
            is_ready=instance.is_ready,
            # It hangs up and writes recordings to their end; killed, it would lose the last second of each.
            parent_death_signal=signal.SIGTERM,
        )

    def rehearsal(self) -> Child:
        """Return the debtors of a rehearsal."""
        return Child("rehearsal", _anmi("rehearsal"), self.environment())

    def engine(self) -> Child:
        """Return the engine of this machine's switch."""
        return Child("engine", _anmi("engine"), self.environment(), stop_seconds=ENGINE_STOP_SECONDS)

    def watch(self) -> Child:
        """Return the live watch; killed, it is begun anew and goes on with the calls that live."""
        stop = WATCH_STOP_SECONDS
        return Child("watch", _anmi("watch"), self.environment(), stop_seconds=stop, niceness=BEHIND_CALLS)

    def once(self, name: str, *words: str) -> Child:
        """Return a command that does its work and ends."""
        return Child(name, _anmi(*words), self.environment())

    def environment(self) -> dict[str, str]:
        """Return what a child is told: our environment, and what we found out for it."""
        told = self.settings
        found: dict[str, object] = {
            "ANMI_DATA_DIR": told.data_dir.absolute(),
            "ANMI_HOST": told.host,
            "ANMI_PORT": self.listener.getsockname()[1],
            "ANMI_DATABASE_URL": told.database_url.get_secret_value() if told.database_url else None,
            "ANMI_DATABASE_APP_URL": told.database_app_url.get_secret_value() if told.database_app_url else None,
            "ANMI_DEMO": int(told.demo),
            "ANMI_SWITCH": told.switch,
            "ANMI_TLS_CERTIFICATE": told.tls_certificate,
            "ANMI_TLS_KEY": told.tls_key,
            "ANMI_LOG_FORM": told.log_form,
            "PYTHONUNBUFFERED": 1,
        }
        return dict(os.environ) | {key: str(value) for key, value in found.items() if value is not None}


async def up(settings: Settings, *, with_demo: bool = False, announce: Callable[[str], None]) -> None:
    """Run an instance until it is asked to stop; `announce` is told its address once it answers."""
    settings = settings.model_copy(update={"log_form": _form(settings)})
    refuse_plain_http(settings)
    with InstanceLock(settings.data_dir) as lock, listen(settings.host, settings.port) as listener:
        console = Console(is_readable=settings.log_form == "console")
        if lock.was_left_behind:
            console.event("the last run", "ended without stopping in order; the database recovers by itself")
        url = url_of(settings, listener.getsockname()[1])
        tree = ProcessTree(console)
        address = settings.data_dir / "address"
        address.unlink(missing_ok=True)
        try:
            with _stopped_by_signals(tree):
                async with tree:
                    switch = await _start_switch(tree, console, Family(settings, listener))
                    settings = settings.model_copy(update={"switch": switch})
                    family = Family(with_addresses(settings), listener)
                    if server := embedded(settings):
                        await tree.start(family.postgres(server))
                    await tree.run_once(family.once("migrate", "migrate"))
                    if with_demo:
                        await tree.run_once(family.once("demo", "demo", "seed"))
                    await tree.start(family.engine())
                    await tree.start(family.worker())
                    await tree.start(family.web())
                    # Without sound or without a recogniser there is nothing to watch, and everything else works.
                    if switch == "asterisk" and is_there(SpeechSettings()):
                        await tree.start(family.watch())
                    address.write_text(f"{url}\n", encoding="utf-8")
                    lock.tell(url)
                    announce(url)
                    await asyncio.Event().wait()
        finally:
            address.unlink(missing_ok=True)


async def _start_switch(tree: ProcessTree, console: Console, family: Family) -> str:
    """Start what calls go through; return which it is. Where Asterisk cannot be had, calls are rehearsed in silence."""
    settings = family.settings
    try:
        found = switch_of(settings)
        if found is None:
            return "rehearsal"
        if isinstance(found, Instance):
            await tree.start(family.asterisk(found))
        if settings.demo and (carrier := asterisk_of(settings, Kind.CARRIER)):
            await tree.start(family.asterisk(carrier))
            await tree.start(family.rehearsal())
    except (ChildFailed, NoAsterisk) as fault:
        if settings.switch == "asterisk" or settings.asterisk_url is not None:
            raise
        console.event("telephone", f"{fault}; calls are only rehearsed", trouble=True)
        return "rehearsal"
    return "asterisk"


def with_tls(settings: Settings) -> Settings:
    """Return the settings with a certificate: the one they name, or one of our own making."""
    if settings.tls_certificate:
        return settings
    certificate, key = own_certificate(settings.data_dir / "tls", settings.host)
    return settings.model_copy(update={"tls_certificate": certificate, "tls_key": key})


@contextlib.contextmanager
def _stopped_by_signals(tree: ProcessTree) -> Generator[None]:
    """Leave the block in order at the first signal, in haste at the second."""
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    asked = False

    def stop() -> None:
        nonlocal asked
        if asked or tree.is_stopping:
            tree.hurry()
        elif main:
            asked = True
            main.cancel()

    # Under nohup the end of the terminal is none of our business.
    is_left_alone = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    requests = STOP_SIGNALS if is_left_alone else (*STOP_SIGNALS, signal.SIGHUP)
    for request in requests:
        loop.add_signal_handler(request, stop)
    try:
        yield
    except asyncio.CancelledError:
        if not asked:
            raise
        if main:
            main.uncancel()
    finally:
        for request in requests:
            loop.remove_signal_handler(request)


def _form(settings: Settings) -> str:
    if settings.log_form != "auto":
        return settings.log_form
    return "console" if sys.stderr.isatty() else "json"


def _anmi(*words: str) -> list[str]:
    return [sys.executable, "-m", "anmi", *words]
