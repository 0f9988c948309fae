"""The chain of a log, and what can be told from it: which entry was changed, taken, put in or moved.

Each entry is sealed by itself, place and content together, so that a touched one is known whatever happened around it;
and it is linked to the one before, so that none can vanish or be replaced by an older one that was sealed as well.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

GENESIS: Final = b"\0" * 32
"""What the first entry is linked to."""

MOST_UNEXPLAINED: Final = 500
"""Touched entries whose true place is sought among all free places; beyond that they are just called changed."""

Sign = Callable[[bytes], bytes]
HasSigned = Callable[[bytes, bytes], bool]


class FaultKind(StrEnum):
    """What is wrong with the chain."""

    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    MOVED = "moved"
    CUT = "cut"
    """Entries at the end are gone, as the head or an anchor betrays."""
    HEAD = "head"
    """The head itself was tampered with."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, at which entry; `last` ends a range, `belongs` is the true place of an entry that was moved."""

    seq: int
    kind: FaultKind
    last: int
    belongs: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as the chain sees it; `content` is everything in it but its place."""

    seq: int
    content: bytes
    seal: bytes
    digest: bytes


def seal_message(seq: int, content: bytes) -> bytes:
    """Return what the seal of an entry signs."""
    return b"entry\0" + seq.to_bytes(16, "big", signed=True) + content


def link_message(previous: bytes, seal: bytes) -> bytes:
    """Return what the digest of an entry signs: the digest before it, and its own seal."""
    return b"link\0" + previous + seal


class Examination:
    """Takes the entries of one chain in the order of their places, and says at the end what is wrong with it."""

    def __init__(self, has_signed: HasSigned, sign: Sign, anchors: Mapping[int, bytes] | None = None) -> None:
        self._has_signed = has_signed
        self._sign = sign
        self._anchors = dict(anchors or {})
        self._previous: tuple[bytes, ...] = (GENESIS,)
        self._is_sound = True
        self._last = 0
        self._last_digest = GENESIS
        self._offset = 0
        self._gaps: list[range] = []
        self._unexplained: list[Link] = []
        self._moved: dict[int, int] = {}
        """The true place of an entry, and where it stands instead."""
        self._faults: list[Fault] = []
        self.walked = 0

    def take(self, link: Link) -> None:
        """Look at the next entry."""
        self.walked += 1
        follows = link.seq == self._last + 1
        if not follows:
            self._gaps.append(range(self._last + 1, link.seq))
        sealed = self._has_signed(seal_message(link.seq, link.content), link.seal)
        linked = any(self._has_signed(link_message(each, link.seal), link.digest) for each in self._previous)
        # Between sound neighbours it is this one's own link that was touched; after others nothing can be said of it.
        touched = not linked and follows and self._is_sound
        if not sealed:
            self._place(link)
        elif touched or self._anchors.get(link.seq, link.digest) != link.digest:
            self._faults.append(Fault(link.seq, FaultKind.CHANGED, link.seq))
        # Where a digest was touched, the next entry was linked to what it had been.
        before_touch = self._sign(link_message(self._previous[0], link.seal))
        self._previous = (link.digest,) if linked else (link.digest, before_touch)
        self._is_sound = sealed and not touched
        self._last, self._last_digest = max(link.seq, self._last), link.digest

    def faults(self, head: tuple[int, bytes] | None) -> list[Fault]:
        """Say what is wrong, now that the last entry was taken; `head` is the last place and digest, as kept apart."""
        end = max([head[0] if head else 0, *self._anchors])
        gaps = [range(gap.start, min(gap.stop, end + 1)) for gap in self._gaps]
        self._seek_places(gaps)
        found = [*self._faults, *self._missing(gaps, end), *self._touched(end), *self._head_faults(head, end)]
        return sorted(set(found), key=lambda fault: (fault.seq, fault.kind))

    def _place(self, link: Link) -> None:
        """Find where a touched entry belongs: most often all after a forged or a taken one are shifted alike."""
        for offset in dict.fromkeys((self._offset, -1, 1)):
            if offset and self._belongs(link, link.seq + offset):
                self._offset = offset
                return
        if len(self._unexplained) < MOST_UNEXPLAINED:
            self._unexplained.append(link)
        else:
            self._faults.append(Fault(link.seq, FaultKind.CHANGED, link.seq))

    def _seek_places(self, gaps: Sequence[range]) -> None:
        free = [link.seq for link in self._unexplained]
        free += [seq for gap in gaps if len(gap) <= MOST_UNEXPLAINED for seq in gap]
        for link in list(self._unexplained):
            if any(self._belongs(link, seq) for seq in free if seq != link.seq):
                self._unexplained.remove(link)

    def _belongs(self, link: Link, seq: int) -> bool:
        if seq < 1 or not self._has_signed(seal_message(seq, link.content), link.seal):
            return False
        self._moved[seq] = link.seq
        return True

    def _touched(self, end: int) -> Iterator[Fault]:
        for belongs, stands in self._moved.items():
            yield Fault(stands, FaultKind.MOVED, stands, belongs)
        for link in self._unexplained:
            # Its place is another's, or was never given out.
            is_inserted = link.seq in self._moved or not 1 <= link.seq <= end
            yield Fault(link.seq, FaultKind.INSERTED if is_inserted else FaultKind.CHANGED, link.seq)

    def _missing(self, gaps: Sequence[range], end: int) -> Iterator[Fault]:
        found_elsewhere = sorted(self._moved)
        for gap in gaps:
            yield from _but(gap, found_elsewhere, FaultKind.MISSING)
        for place in self._moved.values():
            if place <= end and place not in self._moved:
                # A moved entry stands in its place.
                yield Fault(place, FaultKind.MISSING, place)
        yield from _but(range(self._last + 1, end + 1), found_elsewhere, FaultKind.CUT)

    def _head_faults(self, head: tuple[int, bytes] | None, end: int) -> Iterator[Fault]:
        place, digest = head or (self._last, b"")
        is_rewound = place < end or (place < self._last and self._is_sound)
        is_another = place == self._last and digest != self._last_digest and self._is_sound
        if self.walked and (is_rewound or is_another):
            yield Fault(place, FaultKind.HEAD, place)


def _but(places: range, found: Sequence[int], kind: FaultKind) -> Iterator[Fault]:
    """Name the ranges of places that were not found elsewhere; `found` is sorted."""
    start = places.start
    inside = found[bisect.bisect_left(found, places.start) : bisect.bisect_left(found, max(places.stop, places.start))]
    for seq in (*inside, places.stop):
        if start < seq:
            yield Fault(start, kind, seq - 1)
        start = seq + 1
