"""A watched call: the same violations as the inspection after the call, each told once, and in time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anmi.core.alarms import AlarmKind, DebtorSignal, Help
from anmi.core.inspection.model import OUR_SIDE, Call, Party, Severity
from anmi.core.inspection.reading import call_of
from anmi.core.inspection.rules import Absent
from anmi.core.live_watch import (
    Alarmed,
    ChecklistChanged,
    ForceRelease,
    LineHeard,
    LineSaid,
    Ticked,
    VoiceHeard,
    Watch,
    WatchEffect,
    WatchEvent,
    Watching,
    begun,
)
from anmi.core.live_watch_policy import WatchPolicy
from anmi.core.live_watch_views import CheckState, SaidLine, Side, Signalled, Warned
from anmi.quality.packs.making import built_in

CORPUS = Path(__file__).parent.parent / "quality" / "corpus" / "calls.jsonl"
CALLS = [call_of(json.loads(line)["call"]) for line in CORPUS.read_text("utf-8").splitlines()]
CALL = Call("c", None, Party.UNKNOWN, ())
OPENING = "a:您好，我是受安信银行委托的安信催收公司，工号一零二七，本次通话将被录音"
THREAT = "a:再不还就叫人到你家门口堵着你"
LEGS = "a:我知道你住哪，打断你的腿"
TALK = (
    "d:喂",
    OPENING,
    "a:请问是王女士本人吗",
    "d:是我",
    THREAT,
    "d:我要投诉你们",
    LEGS,
    "d:我得了癌症，正在化疗",
    "a:那你今天能还多少",
)

T = TypeVar("T")


@cache
def watching(force_release: tuple[tuple[str, int], ...] = ()) -> Watching:
    return Watching(built_in(), WatchPolicy(dict(force_release), silence_seconds=20, overlong_seconds=600))


def lines(*texts: str, seconds: float = 3.0, begin: float = 0.0) -> list[SaidLine]:
    """Return lines such as `a:您好` or `d:喂`, each of some seconds."""
    return [
        SaidLine(
            Side.AGENT if text.startswith("a:") else Side.DEBTOR,
            begin + place * seconds,
            begin + (place + 1) * seconds - 0.2,
            text[2:],
        )
        for place, text in enumerate(texts)
    ]


def run(
    watching: Watching, events: Iterable[WatchEvent], watch: Watch | None = None
) -> tuple[Watch, list[WatchEffect]]:
    watch, told = watch or begun(CALL), list[WatchEffect]()
    for event in events:
        watch, effects = watching.step(watch, event)
        told += effects
    return watch, told


def those(kind: type[T], effects: Sequence[WatchEffect]) -> list[T]:
    return [effect for effect in effects if isinstance(effect, kind)]


def test_a_threat_warns_the_agent_and_alarms_the_supervisor_with_the_words() -> None:
    _, effects = run(watching(), map(LineHeard, lines("d:喂", THREAT)))
    (warned,) = [each for each in those(Warned, effects) if each.code == "V01"]
    assert (warned.severity, warned.at) == (Severity.CRITICAL, 3.0)
    assert "堵着你" in warned.words
    (alarm,) = [each for each in those(Alarmed, effects) if each.code == "V01"]
    assert (alarm.kind, alarm.words, alarm.at) == (AlarmKind.VIOLATION, warned.words, 3.0)
    assert those(ForceRelease, effects) == []


def test_a_call_is_ended_at_the_violation_that_is_one_too_many_and_once() -> None:
    _, effects = run(watching((("V01", 2),)), map(LineHeard, lines(*TALK, THREAT)))
    assert those(ForceRelease, effects) == [ForceRelease("V01", 2)]
    before = effects[: effects.index(ForceRelease("V01", 2))]
    assert those(LineSaid, before)[-1].line.text == LEGS[2:]


@pytest.mark.parametrize(
    ("said", "signal", "help_", "severity"),
    [
        ("d:我得了癌症，正在化疗", DebtorSignal.ILLNESS, Help.PAUSE_CASE, Severity.MAJOR),
        ("d:我要投诉你们", DebtorSignal.COMPLAINT, Help.WORK_ORDER, Severity.MAJOR),
        ("d:这钱不是我借的，我身份证被盗用了", DebtorSignal.NOT_ME, Help.WORK_ORDER, Severity.MAJOR),
        ("d:这事你跟我律师谈", DebtorSignal.LAWYER, Help.PAUSE_CASE, Severity.MAJOR),
        ("d:我不想活了", DebtorSignal.DESPAIR, Help.HAND_TO_SENIOR, Severity.CRITICAL),
    ],
)
def test_what_a_debtor_says_in_need_calls_for_help_once(
    said: str, signal: DebtorSignal, help_: Help, severity: Severity
) -> None:
    _, effects = run(watching(), map(LineHeard, lines("a:您好", said, "a:您慢慢说", said)))
    (signalled,) = [each for each in those(Signalled, effects) if each.code is signal]
    assert (signalled.help, signalled.at) == (help_, 3.0)
    (alarm,) = [each for each in those(Alarmed, effects) if each.code == signal]
    assert (alarm.kind, alarm.severity) == (AlarmKind.SIGNAL, severity)


def test_what_must_be_said_at_once_is_missed_by_the_clock_alone() -> None:
    watch, _ = run(watching(), map(LineHeard, lines("d:喂", "a:你是王小明吗")))
    assert {check.code: check.state for check in watch.checklist}["P01"] is CheckState.WAITING
    _, effects = run(watching(), [Ticked(15.0), Ticked(16.0), Ticked(17.0)], watch)
    (changed,) = those(ChecklistChanged, effects)
    assert {check.code: check.state for check in changed.checklist}["P01"] is CheckState.MISSED


def test_a_call_heard_from_its_middle_blames_nobody_for_its_beginning() -> None:
    late = begun(CALL, at=60.0)
    said = lines(*TALK[3:], begin=60.0)
    watch, effects = run(watching(), [*map(LineHeard, said), Ticked(120.0)], late)
    assert CheckState.MISSED not in {check.state for check in watch.checklist}
    assert {"V13", "V15"}.isdisjoint(each.code for each in those(Warned, effects))


def test_numbers_are_masked_in_what_a_supervisor_reads() -> None:
    said = lines("d:喂", "a:把钱转到我卡上，六二二二零二一二三四五六七八九零，转我微信也行")
    _, effects = run(watching(), map(LineHeard, said))
    words = [each.words for each in those(Alarmed, effects)]
    assert words
    assert all("二零二一二三" not in each for each in words)


# ── silence, and calls without end ──


def test_a_silence_is_told_once_and_the_next_one_again() -> None:
    watch, effects = run(watching(), [LineHeard(lines("d:喂")[0]), *map(Ticked, range(4, 60))])
    assert [each.kind for each in those(Alarmed, effects)] == [AlarmKind.SILENCE]
    again = lines("a:您好", begin=60.0)
    _, effects = run(watching(), [LineHeard(again[0]), *map(Ticked, range(64, 120))], watch)
    assert [each.kind for each in those(Alarmed, effects)] == [AlarmKind.SILENCE]


@pytest.mark.parametrize(
    "meanwhile",
    [
        [VoiceHeard(15.0), Ticked(30.0), VoiceHeard(45.0), Ticked(50.0)],
        [Ticked(second, is_held=True) for second in range(4, 60)],
    ],
    ids=["somebody speaks and there is no text of it", "the debtor hears music"],
)
def test_no_silence_is_alleged_where_there_was_none(meanwhile: list[WatchEvent]) -> None:
    _, effects = run(watching(), [LineHeard(lines("d:喂")[0]), *meanwhile])
    assert those(Alarmed, effects) == []


def test_who_was_asked_to_wait_may_be_silent() -> None:
    said = lines("d:多少钱", "a:您稍等一下，我帮您查一下")
    _, effects = run(watching(), [*map(LineHeard, said), *map(Ticked, range(7, 60))])
    assert those(Alarmed, effects) == []


def test_a_call_without_end_is_told_once() -> None:
    _, effects = run(watching(), [*map(VoiceHeard, range(590, 700)), Ticked(599), Ticked(601), Ticked(650)])
    assert [each.kind for each in those(Alarmed, effects)] == [AlarmKind.OVERLONG]


# ── the same as afterwards ──


@pytest.mark.parametrize("call", CALLS, ids=[call.id for call in CALLS])
def test_a_watched_call_comes_to_the_violations_of_the_inspection_after_it(call: Call) -> None:
    live, told = begun(call), list[WatchEffect]()
    for turn in call.turns:
        side = Side.AGENT if turn.speaker in OUR_SIDE else Side.DEBTOR
        line = SaidLine(side, turn.start or 0.0, turn.end or 0.0, turn.text)
        live, told_now = run(watching(), [LineHeard(line), Ticked(line.end)], live)
        told += told_now
    rules = {rule.heading.label: rule for rule in built_in().pack.rules}
    timed = {each.code for each in built_in().pack.positives if each.within_seconds is not None}
    # What may still be said is not missed while the call lasts.
    expected = {
        (finding.code, 0.0 if finding.turn is None else call.turns[finding.turn].start)
        for finding in built_in().inspect(call).findings
        if not (isinstance(rule := rules[finding.rule_version], Absent) and rule.positive not in timed)
    }
    assert {(each.code, each.at) for each in those(Warned, told)} == expected


# ── whatever happens ──

EVENTS = st.lists(
    st.one_of(
        st.sampled_from(lines(*TALK)).map(LineHeard),
        st.floats(0, 700).map(VoiceHeard),
        st.builds(Ticked, st.floats(0, 700), st.booleans()),
    ),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_nothing_is_said_twice_in_whatever_order_it_comes(events: list[WatchEvent]) -> None:
    watch, effects = run(watching((("V01", 1),)), events)
    for kind in (Warned, Signalled, LineSaid):
        told = [(getattr(each, "code", ""), getattr(each, "at", str(each))) for each in those(kind, effects)]
        assert len(told) == len(set(told))
    assert len(those(ForceRelease, effects)) <= 1
    starts = [turn.start for turn in watch.call.turns]
    assert starts == sorted(starts, key=lambda start: start or 0.0)
    assert len(watch.heard) == len(watch.call.turns)
    # Heard again, it is known.
    again, effects = run(watching((("V01", 1),)), [event for event in events if isinstance(event, LineHeard)], watch)
    assert (again, effects) == (watch, [])


@settings(max_examples=40, deadline=None)
@given(st.permutations(lines(*TALK)))
def test_a_call_stands_the_same_in_whatever_order_its_lines_arrive(said: list[SaidLine]) -> None:
    watch, _ = run(watching(), map(LineHeard, said))
    straight, _ = run(watching(), map(LineHeard, lines(*TALK)))
    assert watch.call.turns == straight.call.turns
    # A word that comes late may excuse what was said; it never takes a violation of the whole away.
    assert straight.warned <= watch.warned


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(TALK)))
def test_whoever_takes_a_call_up_goes_on_as_if_nothing_had_happened(place: int) -> None:
    said = lines(*TALK)
    whole, _ = run(watching((("V01", 2),)), map(LineHeard, said))
    before, told = run(watching((("V01", 2),)), map(LineHeard, said[:place]))
    signals = [each.code for each in those(Signalled, told)]
    taken_up = watching((("V01", 2),)).taken_up(begun(CALL, before.at), said[:place], those(Warned, told), signals)
    after, _ = run(watching((("V01", 2),)), map(LineHeard, said[place:]), taken_up)
    assert (after.warned, after.signalled, after.call) == (whole.warned, whole.signalled, whole.call)
