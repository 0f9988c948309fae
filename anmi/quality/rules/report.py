"""Tells what a trial of the rules found: for people as lines, for programs as one object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from anmi.quality.rules.trial import Differs, Measured, Tally, Trial

# Critical violations in written text: recall and precision below this are a failure.
TARGET: Final = 0.95


def is_good(trial: Trial) -> bool:
    """Tell whether the examples and calls all pass and critical violations in written text reach the target."""
    written = trial.parts.get("written", Measured())
    figures = (written.critical.recall, written.critical.precision)
    return (
        not trial.failed_examples
        and not trial.failed_calls
        and all(figure is None or figure >= TARGET for figure in figures)
    )


def lines_of(trial: Trial) -> Iterator[str]:
    """Return the report as lines of text."""
    yield f"规则自带例句 {trial.examples} 条，未通过 {len(trial.failed_examples)} 条"
    for example in trial.failed_examples:
        yield f"  {example.rule} 应{'命中' if example.fires else '不命中'}：{example.text}"
    yield f"整通电话 {trial.calls} 通，不符 {len(trial.failed_calls)} 处"
    yield from (_difference(differs) for differs in trial.failed_calls)
    yield f"语料中与标注不符 {len(trial.differences)} 条"
    yield from (_difference(differs) for differs in trial.differences)
    yield ""
    yield f"{'':24}{'条数':>6}{'致命召回':>8}{'致命精确':>8}{'报警召回':>8}{'报警精确':>8}"
    for name, part in sorted(trial.parts.items()):
        figures = (part.critical.recall, part.critical.precision, part.alarms.recall, part.alarms.precision)
        yield f"{name:26}{part.count:>6}" + "".join(f"{_percent(figure):>11}" for figure in figures)
    yield ""
    yield f"{'代码':<6}{'命中':>6}{'误报':>6}{'漏报':>6}{'召回':>8}{'精确':>8}"
    for code, tally in sorted(trial.parts.get("all", Measured()).codes.items()):
        counts = f"{tally.found:>8}{tally.invented:>8}{tally.overlooked:>8}"
        yield f"{code:<8}{counts}{_percent(tally.recall):>10}{_percent(tally.precision):>10}"


def report_of(trial: Trial) -> dict[str, object]:
    """Return the report as one JSON object."""
    return {
        "good": is_good(trial),
        "examples": {
            "count": trial.examples,
            "failed": [{"rule": one.rule, "text": one.text} for one in trial.failed_examples],
        },
        "calls": {"count": trial.calls, "failed": [_as_json(differs) for differs in trial.failed_calls]},
        "parts": {
            name: {"count": part.count, "critical": _figures(part.critical), "alarms": _figures(part.alarms)}
            for name, part in sorted(trial.parts.items())
        },
        "codes": {code: _figures(tally) for code, tally in sorted(trial.parts.get("all", Measured()).codes.items())},
        "fired": dict(sorted(trial.rules.items())),
        "differences": [_as_json(differs) for differs in trial.differences],
    }


def _figures(tally: Tally) -> dict[str, object]:
    return {
        "found": tally.found,
        "invented": tally.invented,
        "overlooked": tally.overlooked,
        "recall": tally.recall,
        "precision": tally.precision,
    }


def _as_json(differs: Differs) -> dict[str, object]:
    return {"where": differs.where, "expected": differs.expected, "got": differs.got}


def _difference(differs: Differs) -> str:
    return f"  {differs.where}：应为 {differs.expected}，得到 {differs.got}"


def _percent(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.1%}"
