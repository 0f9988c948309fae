"""How many decisions the contact gate makes in a second on one core, over random synthetic histories.

Run: python -m benchmarks.contact_gate
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parent.parent))

from anmi.core.contact_rules.gate import decide
from anmi.core.contact_rules.verdicts import Allowed
from tests.core.contact_rules.histories import PACK, histories

TARGET = 20_000
DECISIONS = 20_000
ROUNDS = 5


def main() -> int:
    cases = list(histories(seed=1, count=DECISIONS))
    allowed = sum(isinstance(decide(PACK, attempt, facts), Allowed) for attempt, facts in cases)
    rates: list[float] = []
    for _ in range(ROUNDS):
        start = process_time()
        for attempt, facts in cases:
            decide(PACK, attempt, facts)
        rates.append(DECISIONS / (process_time() - start))
    entries = statistics.mean(len(facts.history) for _, facts in cases)
    print(f"{len(PACK.rows)} rules, {entries:.0f} earlier contacts on average, {allowed / DECISIONS:.0%} allowed")
    print(f"decisions per second and core: median {statistics.median(rates):,.0f}, worst {min(rates):,.0f}")
    print(f"target {TARGET:,}: {'met' if statistics.median(rates) >= TARGET else 'MISSED'}")
    return 0 if statistics.median(rates) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
