"""Wiring: the one place where settings become connections, keys and services, and ports get their bodies."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from anmi.adapters.screening.http import HttpScreening, Vendor
from anmi.adapters.screening.rehearsal import RehearsalScreening
from anmi.adapters.speech.choice import SpeechSettings, choose_speech
from anmi.adapters.spreadsheets.sandbox import SpreadsheetFile
from anmi.adapters.storage.objects import ObjectStorage, S3Account
from anmi.casework.placements.service import SheetFiles
from anmi.core.draft import Draft, HeardFrom
from anmi.core.inspection.inspect import Inspector
from anmi.core.ports.number_screening import NumberScreening
from anmi.core.ports.speech import Speech
from anmi.entrypoints.reactions import react
from anmi.kit.db import Database
from anmi.kit.keyring import Keyring
from anmi.kit.settings import Settings
from anmi.kit.unit_of_work import Clock, UnitOfWork, Units, system_clock
from anmi.quality.notes.service import Notes
from anmi.quality.packs.service import Packs
from anmi.telephony.calls.models import Call
from anmi.telephony.recordings.service import Vault

RECORDINGS_NICENESS: Final = 10
"""Recordings can wait: what is said now is heard first."""


class NoDatabase(Exception):
    """No address of a database was given to a process that needs one."""


@dataclass(frozen=True, slots=True)
class House:
    """What every process of Anmi stands on."""

    settings: Settings
    database: Database
    keyring: Keyring
    units: Units

    @property
    def sheet_files(self) -> SheetFiles:
        """The sheets that creditors send, and the reader of them."""
        return SheetFiles(self.settings.data_dir / "imports", SpreadsheetFile)

    @property
    def vault(self) -> Vault:
        """The recordings, on this machine's disk and in their storage."""
        settings = self.settings
        return _vault(settings.data_dir / "recordings", settings.recordings_url, _s3_account(settings))

    def speech(self) -> Speech:
        """Return the recogniser of this process; raise Unavailable where there is none."""
        return _speech()

    async def inspector(self, unit: UnitOfWork) -> Inspector:
        """Return the rules an agency inspects by, made ready."""
        return await Packs(unit).in_force()

    async def half_written(self, unit: UnitOfWork, call: Call) -> tuple[HeardFrom, Draft] | None:
        """Return what can be noted down of a call, and what it was read from."""
        return await Notes(unit).half_written(call, await self.inspector(unit))

    @property
    def number_screening(self) -> NumberScreening | None:
        """The vendor that screens numbers, if there is one; the rehearsal in the demo."""
        settings = self.settings
        if settings.number_screening_url is not None:
            token = settings.number_screening_token
            secret = token.get_secret_value() if token else ""
            return HttpScreening(Vendor(settings.number_screening_url, secret, settings.number_screening_family))
        return RehearsalScreening() if settings.demo else None


def _s3_account(settings: Settings) -> S3Account:
    secret = settings.recordings_s3_secret
    return S3Account(
        settings.recordings_s3_region,
        settings.recordings_s3_endpoint,
        settings.recordings_s3_key,
        secret.get_secret_value() if secret else None,
        settings.recordings_s3_path_style,
    )


@lru_cache(maxsize=1)
def _speech() -> Speech:
    # It holds hundreds of megabytes of weights and takes a second to wake: one for each process.
    return choose_speech(SpeechSettings(), RECORDINGS_NICENESS)


@lru_cache(maxsize=8)
def _vault(folder: Path, url: str | None, account: S3Account) -> Vault:
    # One for each process: it keeps its connections to the storage.
    kept = ObjectStorage.in_folder(folder / "kept") if url is None else ObjectStorage.at(url, account)
    return Vault(folder / "waiting", kept)


def clock_of(settings: Settings) -> Clock:
    """Return the clock of an instance: the machine's, and in the demo the one it was set to."""
    if not settings.demo or settings.demo_clock_ahead == 0:
        return system_clock
    ahead = timedelta(seconds=settings.demo_clock_ahead)
    return lambda: system_clock() + ahead


@asynccontextmanager
async def open_house(settings: Settings, clock: Clock | None = None) -> AsyncGenerator[House]:
    """Connect everything a process needs; leaving the block closes it again."""
    if settings.database_app_url is None:
        raise NoDatabase("ANMI_DATABASE_APP_URL is not set; `anmi up` sets it, or point it at your PostgreSQL")
    database = Database(settings.database_app_url.get_secret_value(), settings.database_connections)
    keyring = Keyring.load(settings.data_dir / "secrets" / "keyring.json", settings.cipher_suite)
    try:
        yield House(settings, database, keyring, Units(database, keyring, clock or clock_of(settings), react))
    finally:
        await database.close()
