"""Holds one call against a rule pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from anmi.core.inspection import facts
from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.due import is_due
from anmi.core.inspection.extraction import extract
from anmi.core.inspection.hearing import Hearing
from anmi.core.inspection.likeness import Likeness, address_in, parts, pieces
from anmi.core.inspection.match import Scanner
from anmi.core.inspection.model import OUR_SIDE, THEIR_SIDE, Call, Extracted, Finding, Inspection, Party, Severity
from anmi.core.inspection.promise import is_repeated
from anmi.core.inspection.rules import ANY_RULE, Absent, Alike, Heading, Ignored, Known, Positive, Rule, RulePack, Said
from anmi.core.inspection.score import score

# Where what is alarming is like none of the codes that can be meant here, nobody could say what is wrong.
_LEAST_OF_A_CODE: Final = 0.1
_GRAVITY: Final = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}


class Inspector:
    """A rule pack made ready; make it once and inspect many calls."""

    def __init__(self, pack: RulePack) -> None:
        self.pack = pack
        hearing = Hearing(pack.heard_words, pack.short_words, pack.kept_words, pack.phrases, pack.mistaken_words)
        self.scanner = Scanner(pack.cues, hearing, pack.common_words)

    def hear(self, call: Call) -> Dialogue:
        """Return a call with what is heard in each of its turns."""
        texts = [turn.text for turn in call.turns]
        return Dialogue(call, tuple(self.scanner.scan(texts, [turn.speaker for turn in call.turns])))

    def inspect(self, call: Call) -> Inspection:
        """Return what was wrong, what was missing and what can be noted down."""
        return self.judge(self.hear(call))

    def judge(self, dialogue: Dialogue) -> Inspection:
        """Return the same of a call in which everything has been heard."""
        extracted = extract(dialogue)
        unmet = [
            positive
            for positive in self.pack.positives
            if is_due(positive.due, dialogue, extracted) and not _is_met(positive, dialogue, extracted)
        ]
        second_voice = _SecondVoice(self.pack, dialogue)
        found = _without_yielded(
            [
                (rule, finding)
                for rule in self.pack.rules
                for finding in self._findings(rule, dialogue, unmet)
                if not (isinstance(rule, Said) and finding.turn is not None and second_voice.doubts(rule, finding.turn))
            ]
        )
        findings = _one_each([*found, *second_voice.findings(found)])
        missing = tuple(positive.code for positive in unmet if positive.listed)
        return Inspection(dialogue.call.id, score(findings), findings, missing, extracted)

    def _findings(self, rule: Rule, dialogue: Dialogue, unmet: Sequence[Positive]) -> Iterator[Finding]:
        match rule:
            case Said():
                yield from _said(rule, dialogue)
            case Ignored():
                yield from _ignored(rule, dialogue)
            case Absent(heading, positive):
                if any(lacking.code == positive for lacking in unmet):
                    opening = dialogue.heard[dialogue.places(OUR_SIDE)[0]].original
                    yield Finding(heading.code, None, heading.severity, opening, heading.label)
            case Known(heading):
                for turn, evidence in facts.proofs(rule, dialogue):
                    yield Finding(heading.code, turn, heading.severity, evidence, heading.label)
            case Alike():
                pass  # The second voice speaks when all rules have spoken.


def _said(rule: Said, dialogue: Dialogue) -> Iterator[Finding]:
    heading = rule.heading
    for place, heard in enumerate(dialogue.heard):
        if rule.cue in heard.hits and _is_meant_here(rule, dialogue, place):
            yield Finding(heading.code, place, heading.severity, heard.evidence(rule.cue), heading.label)


def _is_meant_here(rule: Said | Alike, dialogue: Dialogue, place: int) -> bool:
    """Tell whether a rule is about whoever listens in this turn, and no fact of the case allows what it forbids."""
    if rule.unless_fact and facts.allows(rule.unless_fact, dialogue.call.facts):
        return False
    if rule.parties and dialogue.addressee(place) not in rule.parties:
        return False
    return not rule.before_verification or _is_unverified(dialogue, place)


class _SecondVoice:
    """What the likeness of a rule pack makes of one call; each turn is weighed once, and only when asked for."""

    def __init__(self, pack: RulePack, dialogue: Dialogue) -> None:
        self._rules = {rule.heading.code: rule for rule in pack.rules if isinstance(rule, Alike)}
        self._likeness, self._dialogue = pack.likeness, dialogue
        self._alarms: dict[int, float] = {}

    def doubts(self, rule: Said, place: int) -> bool:
        """Tell whether what a rule has found in a turn is most unlike a violation."""
        alike = self._rules.get(rule.heading.code)
        if self._likeness is None or alike is None or rule.is_certain:
            return False
        if place not in self._alarms:
            weighed = (self._likeness.alarm(said) for _, _, said in self._said(place))
            self._alarms[place] = max(weighed, default=1.0)
        return self._alarms[place] * 100 < alike.doubts

    def findings(self, found: Sequence[Finding]) -> Iterator[Finding]:
        """Find in each of our turns the sentence most like a violation, where no rule has found a grave one."""
        if self._likeness is None or not self._rules:
            return
        told = {finding.turn for finding in found if finding.severity is not Severity.MINOR}
        for place in self._dialogue.places(OUR_SIDE):
            if place not in told and (worst := self._worst(self._likeness, place)):
                heading, evidence = worst
                yield Finding(heading.code, place, heading.severity, evidence, heading.label)

    def _worst(self, likeness: Likeness, place: int) -> tuple[Heading, str] | None:
        rules = {
            code: rule
            for code, rule in self._rules.items()
            if _is_meant_here(rule, self._dialogue, place) and self._may_answer(rule, place)
        }
        before = self._heard_before(place)
        worst = min((rule.least for rule in rules.values()), default=100) / 100
        found: tuple[Heading, str] | None = None
        for start, end, said in self._said(place):
            if (alarm := likeness.alarm(said)) <= worst:
                continue
            if (rule := _likeliest(likeness.of_codes(said), rules, before)) and alarm * 100 >= rule.least:
                worst, found = alarm, (rule.heading, self._dialogue.heard[place].quote(start, end))
        return found

    def _may_answer(self, rule: Alike, place: int) -> bool:
        """Tell whether there was something to pass by; of a snippet nobody knows what came before it."""
        earlier = [theirs for theirs in self._dialogue.places(THEIR_SIDE) if theirs < place]
        return not (rule.after and earlier) or any(self._dialogue.any_of(theirs, rule.after) for theirs in earlier)

    def _said(self, place: int) -> Iterator[tuple[int, int, set[str]]]:
        heard, party = self._dialogue.heard[place], self._dialogue.addressee(place)
        address, before = address_in(heard.original), self._heard_before(place)
        for start, end in parts(heard.text):
            yield start, end, pieces(heard.text[start:end], address, party, before)

    def _heard_before(self, place: int) -> Collection[str]:
        dialogue = self._dialogue
        return dialogue.heard[place - 1].hits if place and dialogue.turns[place - 1].speaker in THEIR_SIDE else ()


def _likeliest(chances: Mapping[str, float], rules: Mapping[str, Alike], before: Collection[str]) -> Alike | None:
    for rule in rules.values():
        if not rule.after.isdisjoint(before):
            return rule
    code = max(rules, key=lambda code: chances.get(code, 0.0))
    return rules[code] if chances.get(code, 0.0) >= _LEAST_OF_A_CODE else None


def _without_yielded(found: Sequence[tuple[Rule, Finding]]) -> list[Finding]:
    """Leave out what a rule that names the same words more exactly has found in the same turn."""
    there: defaultdict[int | None, set[str]] = defaultdict(set)
    for rule, finding in found:
        there[finding.turn].add(rule.heading.id)
    return [finding for rule, finding in found if not _yields(rule, there[finding.turn])]


def _yields(rule: Rule, others: set[str]) -> bool:
    if not isinstance(rule, Said):
        return False
    if ANY_RULE in rule.yields_to:
        return others != {rule.heading.id}
    return not others.isdisjoint(rule.yields_to)


def _is_unverified(dialogue: Dialogue, place: int) -> bool:
    if dialogue.verified_from is not None:
        return place < dialogue.verified_from
    # A snippet said to the right party was verified before it begins.
    return dialogue.call.party is not Party.RIGHT_PARTY or dialogue.begins_unverified(place)


def _ignored(rule: Ignored, dialogue: Dialogue) -> Iterator[Finding]:
    heading = rule.heading
    for place in dialogue.places(THEIR_SIDE):
        if not dialogue.any_of(place, rule.after):
            continue
        ours = [later for later in dialogue.places(OUR_SIDE) if later > place][: rule.within_turns]
        for answer in ours:
            if dialogue.any_of(answer, rule.answered_by):
                break
            if pressed := dialogue.any_of(answer, rule.pressed_by):
                evidence = dialogue.heard[answer].evidence(pressed)
                yield Finding(heading.code, answer, heading.severity, evidence, heading.label)
                break


def _is_met(positive: Positive, dialogue: Dialogue, extracted: Extracted) -> bool:
    if positive.by_repeating and is_repeated(dialogue, extracted):
        return True
    begin = next((turn.start for turn in dialogue.turns if turn.start is not None), 0.0)
    for place, turn in enumerate(dialogue.turns):
        in_time = positive.within_seconds is None or turn.start is None or turn.start - begin <= positive.within_seconds
        if in_time and dialogue.has(place, positive.cue):
            return True
    return False


def _one_each(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Keep one finding per code and turn, the gravest; in the order of the conversation."""
    kept: dict[tuple[str, int | None], Finding] = {}
    for finding in found:
        known = kept.get((finding.code, finding.turn))
        if known is None or _GRAVITY[finding.severity] < _GRAVITY[known.severity]:
            kept[finding.code, finding.turn] = finding
    return tuple(
        sorted(kept.values(), key=lambda finding: (-1 if finding.turn is None else finding.turn, finding.code))
    )
