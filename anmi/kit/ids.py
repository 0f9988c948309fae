"""Identifiers: UUID version 7 (RFC 9562), so that rows made together lie together and lists page by age."""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Make an identifier that sorts after all that were made before it on this machine."""
    return uuid_utils.compat.uuid7()
