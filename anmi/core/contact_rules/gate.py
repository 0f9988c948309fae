"""The contact gate itself: one attempt, judged by every row of the pack that is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from anmi.core.contact_rules.facts import Attempt, Facts
from anmi.core.contact_rules.rule_pack import RulePack, RuleRow
from anmi.core.contact_rules.scene import Scene
from anmi.core.contact_rules.verdicts import Allowed, Bar, Refused, Standing, Verdict, longest

ALLOWED: Final = Allowed()
# Nothing the rules wait for is further away; a gate still shut after so many looks is shut.
_LOOKS: Final = 64


def decide(pack: RulePack, attempt: Attempt, facts: Facts) -> Allowed | Refused:
    """Say whether the contact may be made now; a refusal names the rule that stands longest, and when none will."""
    barred = _barred(pack, Scene(attempt, facts, attempt.at))
    if not barred:
        return ALLOWED
    row, bar = _longest(barred)
    rule_ids = tuple(dict.fromkeys(row.rule_id for row, _ in barred))
    return Refused(row.rule_id, bar.reason, _opens_at(pack, attempt, facts, bar), rule_ids)


def explain(pack: RulePack, attempt: Attempt, facts: Facts) -> tuple[Verdict, ...]:
    """Return every row's verdict, in the order of the pack; the contact is allowed when none is in the way."""
    scene = Scene(attempt, facts, attempt.at)
    return tuple(_verdict(row, scene) for row in pack.rows)


def _barred(pack: RulePack, scene: Scene) -> list[tuple[RuleRow, Bar]]:
    today = scene.today
    rows = [row for row in pack.by_channel[scene.attempt.channel] if row.is_in_force(today)]
    return [(row, bar) for row in rows if (bar := row.check(scene)) is not None]


def _longest(barred: list[tuple[RuleRow, Bar]]) -> tuple[RuleRow, Bar]:
    outlasting = longest([bar for _, bar in barred])
    return next((row, bar) for row, bar in barred if bar is outlasting)


def _opens_at(pack: RulePack, attempt: Attempt, facts: Facts, bar: Bar) -> datetime | None:
    """Look again when the longest bar has gone: midnight ends a cap and finds the hours closed."""
    for _ in range(_LOOKS):
        if bar.until is None:
            return None
        barred = _barred(pack, Scene(attempt, facts, bar.until))
        if not barred:
            return bar.until
        _, bar = _longest(barred)
    return None


def _verdict(row: RuleRow, scene: Scene) -> Verdict:
    if scene.attempt.channel not in row.scope:
        return Verdict(row.rule_id, row.source, Standing.OUT_OF_SCOPE)
    if not row.is_in_force(scene.today):
        return Verdict(row.rule_id, row.source, Standing.NOT_IN_FORCE)
    bar = row.check(scene)
    if bar is None:
        return Verdict(row.rule_id, row.source, Standing.SATISFIED)
    return Verdict(row.rule_id, row.source, Standing.IN_THE_WAY, bar.reason, bar.until)
