"""What part of a file a listener asks for."""

from __future__ import annotations

import pytest

from anmi.kit.ranges import RangeOutside, read_range


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-30", (70, 100)),
        ("bytes=-300", (0, 100)),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("bytes=a-b", None),
        ("lines=1-2", None),
    ],
)
def test_one_range_is_read_and_anything_else_is_passed_over(header: str | None, part: tuple[int, int] | None) -> None:
    assert read_range(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-120", "bytes=20-10", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(header: str) -> None:
    with pytest.raises(RangeOutside):
        read_range(header, 100)
