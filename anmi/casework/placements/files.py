"""Where uploaded sheets lie: sealed in the data folder, laid open only while a reader reads."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from uuid import UUID

from anmi.core.ports.spreadsheets import OpenSpreadsheet, Spreadsheet
from anmi.kit.keyring import Keyring
from anmi.kit.sealed_files import SealedWriter, opened_plain


@dataclass(frozen=True, slots=True)
class SheetFiles:
    """The uploaded sheets of an installation, and the reader that opens them."""

    folder: Path
    open_spreadsheet: OpenSpreadsheet

    def writer(self, keyring: Keyring, tenant_id: UUID, file_key: str) -> SealedWriter:
        """Return what takes a new file in."""
        return SealedWriter(self._path(tenant_id, file_key), keyring, tenant_id)

    @contextmanager
    def opened(self, keyring: Keyring, tenant_id: UUID, file_key: str, file_name: str) -> Generator[Spreadsheet]:
        """Open a sheet; its plain text has no name any more once the reader holds it."""
        path = self._path(tenant_id, file_key)
        suffix = PurePath(file_name).suffix.lower()
        with opened_plain(path, self.folder / "reading", suffix, keyring, tenant_id) as plain:
            opened = self.open_spreadsheet(plain)
        with opened as spreadsheet:
            yield spreadsheet

    def remove(self, tenant_id: UUID, file_key: str) -> None:
        """Remove a file for good."""
        self._path(tenant_id, file_key).unlink(missing_ok=True)

    def _path(self, tenant_id: UUID, file_key: str) -> Path:
        return self.folder / str(tenant_id) / file_key
