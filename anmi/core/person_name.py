"""What can be a person's name, Chinese or other: letters, and what stands between the parts of a name."""

from __future__ import annotations

from typing import Final

LONGEST: Final = 50
_BETWEEN: Final = frozenset(" ·•.-'’")


def is_person_name(text: str) -> bool:
    """Say whether a text can be a name: it begins and ends with a letter, and has nothing strange between."""
    if not 1 <= len(text) <= LONGEST or text != text.strip():
        return False
    return text[0].isalpha() and all(char.isalpha() or char in _BETWEEN for char in text)
