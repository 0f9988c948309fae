"""Shapes of what people type, and of what they are shown: trimmed, of sensible length, without control characters."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

# PostgreSQL keeps no NUL, and a line break in a name is a slip of the hand.
_PRINTED: Final = r"^[^\x00-\x1f\x7f]*$"

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=_PRINTED)]
"""One line of text, such as a name."""

EmployeeNumber = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
"""What an agency calls its people by, and what they log in with."""

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200, pattern=_PRINTED)]
"""Why somebody wants something; an auditor will read it."""

Search = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=_PRINTED)]
"""What somebody looks for; empty means everything."""


class Seen(BaseModel):
    """What a service shows, as HTTP says it."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """What a request asks for: nothing that is not foreseen, so that a misspelt word is not passed over."""

    model_config = ConfigDict(extra="forbid")
