"""A call watched while it lasts: each line, each pause of the clock, and what follows from it.

The rules are those of the inspection after the call. A line is scanned once, when it is heard; what the call comes to
is judged anew with each line, because a later word may tell who it is that listens. Nothing is said twice.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from anmi.core.alarms import ALARM_WORDS, SIGNALS, AlarmKind, DebtorSignal
from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.due import has_occasion
from anmi.core.inspection.extraction import extract
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.match import Heard
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Call, Inspection, Party, Severity, Speaker, Turn
from anmi.core.inspection.rules import Absent, Positive, Rule
from anmi.core.live_watch_policy import WatchPolicy
from anmi.core.live_watch_views import Check, CheckState, SaidLine, Side, Signalled, Warned
from anmi.core.transcripts import masked

LATE_BEGINNING: Final = 10.0
"""Seconds; of a call that was not heard from its beginning nobody can say what was left out there."""


# ── what happens ──


@dataclass(frozen=True, slots=True)
class LineHeard:
    """Somebody has said something."""

    line: SaidLine


@dataclass(frozen=True, slots=True)
class VoiceHeard:
    """Somebody speaks, or has spoken, and there is no text of it."""

    until: float


@dataclass(frozen=True, slots=True)
class Ticked:
    """The call has lasted so long; the debtor hears music while it is held."""

    at: float
    is_held: bool = False


WatchEvent: TypeAlias = LineHeard | VoiceHeard | Ticked


# ── what follows ──


@dataclass(frozen=True, slots=True)
class LineSaid:
    """There is a new line."""

    line: SaidLine


@dataclass(frozen=True, slots=True)
class ChecklistChanged:
    """What was said, was not said in its time, or has come to be expected."""

    checklist: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A person should look."""

    kind: AlarmKind
    code: str
    severity: Severity
    title: str
    words: str
    at: float


@dataclass(frozen=True, slots=True)
class ForceRelease:
    """The call is to be ended: so many violations of this code are what the agency bears."""

    code: str
    count: int


WatchEffect: TypeAlias = LineSaid | ChecklistChanged | Warned | Signalled | Alarmed | ForceRelease


@dataclass(frozen=True, slots=True)
class Watch:
    """A call as it stands; `call` holds its lines in the order in which they begin."""

    call: Call
    heard: tuple[Heard, ...] = ()
    at: float = 0.0
    last_voice: float = 0.0
    checklist: tuple[Check, ...] = ()
    warned: frozenset[tuple[str, float]] = frozenset()
    """Each violation by its code and the second its line begins at."""
    signalled: frozenset[DebtorSignal] = frozenset()
    is_silent: bool = False
    is_overlong: bool = False
    is_released: bool = False

    @property
    def dialogue(self) -> Dialogue:
        """The call with what was heard in each line."""
        return Dialogue(self.call, self.heard)


@dataclass(frozen=True, slots=True)
class Watching:
    """The rules and the policy by which calls are watched."""

    inspector: Inspector
    policy: WatchPolicy = field(default_factory=WatchPolicy)

    def step(self, watch: Watch, event: WatchEvent) -> tuple[Watch, tuple[WatchEffect, ...]]:
        """Return how a call stands after one more event, and what follows."""
        match event:
            case LineHeard(line):
                if _is_known(watch, line):
                    return watch, ()
                watch = self._with(watch, (line,))
                judged, effects = self._judged(watch)
                return judged, (LineSaid(line), *effects)
            case VoiceHeard(until):
                return _with_voice(watch, until), ()
            case Ticked(at, is_held):
                return self._tick(watch, at, is_held=is_held)

    def taken_up(
        self, watch: Watch, lines: Iterable[SaidLine], warned: Iterable[Warned], signalled: Iterable[DebtorSignal]
    ) -> Watch:
        """Return a call of which somebody else has heard these lines and said these things already."""
        with_lines = self._with(watch, lines)
        told = frozenset((each.code, each.at) for each in warned)
        checklist = self._checklist(with_lines)
        return replace(with_lines, checklist=checklist, warned=told, signalled=frozenset(signalled))

    def _with(self, watch: Watch, lines: Iterable[SaidLine]) -> Watch:
        turns, heard, last = list(watch.call.turns), list(watch.heard), watch.last_voice
        for line in lines:
            turn = _turn(watch.call, line)
            # Whoever spoke longer is heard later: a line goes where it begins.
            place = bisect([_order(each) for each in turns], _order(turn))
            turns.insert(place, turn)
            heard[place:place] = self.inspector.scanner.scan([turn.text], [turn.speaker])
            last = max(last, line.end)
        call = replace(watch.call, turns=tuple(turns))
        return replace(watch, call=call, heard=tuple(heard), at=max(watch.at, last), last_voice=last, is_silent=False)

    def _tick(self, watch: Watch, at: float, *, is_held: bool) -> tuple[Watch, tuple[WatchEffect, ...]]:
        watch = replace(watch, at=max(watch.at, at))
        if is_held:
            watch = replace(watch, last_voice=watch.at, is_silent=False)
        before = watch
        watch, effects = self._judged(watch) if self._is_due(watch) else (watch, ())
        quiet = watch.at - watch.last_voice
        if quiet >= self.policy.silence_seconds and not (watch.is_silent or _is_asked_to_wait(watch)):
            watch = replace(watch, is_silent=True)
            effects += (_timed(AlarmKind.SILENCE, f"静音 {self.policy.silence_seconds} 秒", before.last_voice),)
        if watch.at >= self.policy.overlong_seconds and not watch.is_overlong:
            watch = replace(watch, is_overlong=True)
            minutes = self.policy.overlong_seconds // 60
            effects += (_timed(AlarmKind.OVERLONG, f"通话超过 {minutes} 分钟", watch.at),)
        return watch, effects

    def _is_due(self, watch: Watch) -> bool:
        """Tell whether the clock alone changes anything: the time of something that must be said has run out."""
        waiting = {check.code for check in watch.checklist if check.state is CheckState.WAITING}
        if any(each.code in waiting and _is_too_late(each, watch) for each in self._timed_positives):
            return True
        told = {code for code, _ in watch.warned}
        return any(
            rule.heading.code not in told and _check(each, watch).state is CheckState.MISSED
            for rule, each in self._timed_absences
        )

    def _judged(self, watch: Watch) -> tuple[Watch, tuple[WatchEffect, ...]]:
        effects: list[WatchEffect] = []
        dialogue = watch.dialogue
        checklist = self._checklist(watch)
        if checklist != watch.checklist:
            effects.append(ChecklistChanged(checklist))
        warned = set(watch.warned)
        for said in self._violations(watch, self.inspector.judge(dialogue)):
            if (said.code, said.at) in warned:
                continue
            warned.add((said.code, said.at))
            effects.append(said)
            if said.severity is Severity.CRITICAL:
                effects.append(Alarmed(AlarmKind.VIOLATION, said.code, said.severity, said.title, said.words, said.at))
        signals = [each for each in _signals(dialogue) if each.code not in watch.signalled]
        for signal in signals:
            effects += (signal, _alarm_of(signal))
        released = None if watch.is_released else self._release(warned)
        if released:
            effects.append(released)
        watch = replace(
            watch,
            checklist=checklist,
            warned=frozenset(warned),
            signalled=watch.signalled | {each.code for each in signals},
            is_released=watch.is_released or released is not None,
        )
        return watch, tuple(effects)

    def _violations(self, watch: Watch, inspection: Inspection) -> Iterator[Warned]:
        rules = {rule.heading.label: rule for rule in self.inspector.pack.rules}
        for finding in inspection.findings:
            rule = rules[finding.rule_version]
            if self._may_be_told(rule, watch):
                at = 0.0 if finding.turn is None else (watch.call.turns[finding.turn].start or 0.0)
                yield Warned(finding.code, rule.heading.title, finding.severity, masked(finding.evidence), at)

    def _may_be_told(self, rule: Rule, watch: Watch) -> bool:
        """Tell whether it can be said now: what is left out may yet be said, unless its time has run out."""
        if not isinstance(rule, Absent):
            return True
        return any(each.code == rule.positive and _is_too_late(each, watch) for each in self._timed_positives)

    def _release(self, warned: Iterable[tuple[str, float]]) -> ForceRelease | None:
        counts: dict[str, int] = {}
        for code, _ in warned:
            counts[code] = counts.get(code, 0) + 1
        for code, most in sorted(self.policy.force_release.items()):
            if counts.get(code, 0) >= most:
                return ForceRelease(code, counts[code])
        return None

    def _checklist(self, watch: Watch) -> tuple[Check, ...]:
        dialogue = watch.dialogue
        extracted = extract(dialogue)
        known = {check.code for check in watch.checklist}
        return tuple(
            _check(positive, watch)
            for positive in self.inspector.pack.positives
            # What has come onto the list stays on it: a list that flickers is read by nobody.
            if positive.listed and (positive.code in known or has_occasion(positive.due, dialogue, extracted))
        )

    @property
    def _timed_positives(self) -> list[Positive]:
        return [each for each in self.inspector.pack.positives if each.within_seconds is not None]

    @property
    def _timed_absences(self) -> list[tuple[Absent, Positive]]:
        timed = {each.code: each for each in self._timed_positives}
        absences = [rule for rule in self.inspector.pack.rules if isinstance(rule, Absent)]
        return [(rule, timed[rule.positive]) for rule in absences if rule.positive in timed]


def begun(call: Call, at: float = 0.0) -> Watch:
    """Return a call that is watched from this second on."""
    return Watch(replace(call, turns=()), at=at, last_voice=at)


def _turn(call: Call, line: SaidLine) -> Turn:
    theirs = Speaker.THIRD_PARTY if call.party is Party.THIRD_PARTY else Speaker.DEBTOR
    return Turn(theirs if line.side is Side.DEBTOR else Speaker.AGENT, line.text, line.start, line.end)


def _order(turn: Turn) -> tuple[float, bool]:
    # As in a transcript: what was said at once stands with the debtor first.
    return turn.start or 0.0, turn.speaker in OUR_SIDE


def _is_known(watch: Watch, line: SaidLine) -> bool:
    turn = _turn(watch.call, line)
    return any(_order(each) == _order(turn) for each in watch.call.turns)


def _with_voice(watch: Watch, until: float) -> Watch:
    if until <= watch.last_voice:
        return watch
    return replace(watch, at=max(watch.at, until), last_voice=until, is_silent=False)


def _begin(watch: Watch) -> float | None:
    return watch.call.turns[0].start if watch.call.turns else None


def _is_too_late(positive: Positive, watch: Watch) -> bool:
    begin = _begin(watch)
    if positive.within_seconds is None or begin is None or begin > LATE_BEGINNING:
        return False
    return watch.at - begin > positive.within_seconds


def _check(positive: Positive, watch: Watch) -> Check:
    begin = _begin(watch) or 0.0
    for turn, heard in zip(watch.call.turns, watch.heard, strict=True):
        start = turn.start or 0.0
        in_time = positive.within_seconds is None or start - begin <= positive.within_seconds
        if in_time and positive.cue in heard.hits:
            return Check(positive.code, CheckState.MET, start)
    return Check(positive.code, CheckState.MISSED if _is_too_late(positive, watch) else CheckState.WAITING)


def _signals(dialogue: Dialogue) -> Iterator[Signalled]:
    """Yield the first time each signal is heard, in the order of the call."""
    found: set[DebtorSignal] = set()
    for place in dialogue.places(THEIR_SIDE):
        for signal in DebtorSignal:
            if signal not in found and dialogue.has(place, signal):
                found.add(signal)
                words = masked(dialogue.heard[place].evidence(signal))
                yield Signalled(signal, words, dialogue.turns[place].start or 0.0, SIGNALS[signal].help)


def _alarm_of(signal: Signalled) -> Alarmed:
    meaning = SIGNALS[signal.code]
    return Alarmed(AlarmKind.SIGNAL, signal.code, meaning.severity, meaning.words.zh, signal.words, signal.at)


def _is_asked_to_wait(watch: Watch) -> bool:
    return bool(watch.heard) and "asks_to_wait" in watch.heard[-1].hits


def _timed(kind: AlarmKind, words: str, at: float) -> Alarmed:
    return Alarmed(kind, kind.value, Severity.MINOR, ALARM_WORDS[kind].zh, words, at)
