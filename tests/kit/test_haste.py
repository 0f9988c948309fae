"""An address may knock in a burst, then at a steady pace, and does not disturb the others."""

from __future__ import annotations

from anmi.kit.haste import Haste, Pace


def test_a_burst_passes_and_then_the_pace_holds() -> None:
    haste = Haste(Pace(per_minute=60, burst=3))
    assert [haste.wait_for("a", 0.0) for _ in range(3)] == [0, 0, 0]
    assert haste.wait_for("a", 0.0) == 1.0
    assert haste.wait_for("a", 0.5) == 0.5
    assert haste.wait_for("a", 1.0) == 0
    assert haste.wait_for("a", 1.0) > 0


def test_one_address_does_not_use_up_the_pace_of_another() -> None:
    haste = Haste(Pace(per_minute=60, burst=1))
    assert haste.wait_for("a", 0.0) == 0
    assert haste.wait_for("a", 0.0) > 0
    assert haste.wait_for("b", 0.0) == 0


def test_a_flood_of_addresses_does_not_fill_the_memory() -> None:
    haste = Haste(Pace(per_minute=60, burst=1), addresses=10)
    for number in range(1000):
        assert haste.wait_for(str(number), 0.0) == 0
    assert haste.wait_for("999", 0.0) > 0
    assert haste.wait_for("0", 0.0) == 0
