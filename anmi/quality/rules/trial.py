"""Tries a rule pack: its own examples, and how much of a labelled corpus it finds and how much it invents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Call, Party, Severity, Speaker, Turn
from anmi.core.inspection.rules import Alike, Example, Rule, Said
from anmi.core.inspection.writing import extracted_of
from anmi.quality.rules.corpus import Labelled, WholeCall

_PREFIXES = {"a:": Speaker.AGENT, "d:": Speaker.DEBTOR, "t:": Speaker.THIRD_PARTY, "b:": Speaker.VOICEBOT}
# Examples are judged by their words, at an hour when calling is lawful.
_OFFICE_HOUR = datetime(2026, 11, 23, 2, tzinfo=UTC)


@dataclass(slots=True)
class Tally:
    """Counts of what was rightly found, invented and overlooked."""

    found: int = 0
    invented: int = 0
    overlooked: int = 0

    def add(self, got: frozenset[str], deserved: frozenset[str]) -> None:
        self.found += len(got & deserved)
        self.invented += len(got - deserved)
        self.overlooked += len(deserved - got)

    @property
    def precision(self) -> float | None:
        return self.found / (self.found + self.invented) if self.found + self.invented else None

    @property
    def recall(self) -> float | None:
        return self.found / (self.found + self.overlooked) if self.found + self.overlooked else None


@dataclass(slots=True)
class Measured:
    """The figures of one part of the corpus: per code, and for critical violations together."""

    count: int = 0
    codes: dict[str, Tally] = field(default_factory=dict[str, Tally])
    critical: Tally = field(default_factory=Tally)
    # Whether a call was rightly alarmed at all, whatever the code.
    alarms: Tally = field(default_factory=Tally)

    def add(self, got: frozenset[str], deserved: frozenset[str], critical: frozenset[str]) -> None:
        self.count += 1
        for code in got | deserved:
            self.codes.setdefault(code, Tally()).add(got & {code}, deserved & {code})
        self.critical.add(got & critical, deserved & critical)
        alarm = frozenset({"alarm"})
        self.alarms.add(alarm if got & critical else frozenset(), alarm if deserved & critical else frozenset())


@dataclass(frozen=True, slots=True)
class Differs:
    """A place where the inspection and the label part ways."""

    where: str
    expected: object
    got: object


@dataclass(frozen=True, slots=True)
class Trial:
    examples: int
    failed_examples: tuple[Example, ...]
    parts: dict[str, Measured]
    rules: Counter[str]
    differences: tuple[Differs, ...]
    calls: int
    failed_calls: tuple[Differs, ...]


def try_pack(inspector: Inspector, utterances: Iterable[Labelled], calls: Iterable[WholeCall]) -> Trial:
    """Run everything there is to run; nothing is raised for a rule that fails."""
    pack = inspector.pack
    critical = frozenset(rule.heading.code for rule in pack.rules if rule.heading.severity is Severity.CRITICAL)
    failed = failed_examples(inspector, pack.examples)
    parts: dict[str, Measured] = {}
    fired: Counter[str] = Counter()
    differences: list[Differs] = []
    for labelled in utterances:
        result = inspector.inspect(labelled.call)
        got = frozenset(finding.code for finding in result.findings)
        fired.update(finding.rule_version for finding in result.findings)
        for part in (f"{labelled.kind}, {'held out' if labelled.held_out else 'tuned'}", labelled.kind, "all"):
            parts.setdefault(part, Measured()).add(got, labelled.codes, critical)
        if got != labelled.codes:
            # Whoever reads held-out sentences begins to write rules for them.
            text = "(held out)" if labelled.held_out else labelled.call.turns[0].text
            differences.append(Differs(f"{labelled.call.id} {text}", sorted(labelled.codes), sorted(got)))
    whole = list(calls)
    wrong = tuple(difference for call in whole for difference in _call_differences(inspector, call))
    return Trial(len(pack.examples), failed, parts, fired, tuple(differences), len(whole), wrong)


def failed_examples(inspector: Inspector, examples: Iterable[Example]) -> tuple[Example, ...]:
    """Return the examples that should fire and do not, or fire and should not."""
    by_id = {rule.heading.id: rule for rule in inspector.pack.rules}
    return tuple(each for each in examples if _fires(inspector, by_id[each.rule], each) != each.fires)


def example_call(rule: Rule, text: str) -> Call:
    """Read an example such as `d:我得了癌症|a:那也得还` as a call; without a prefix the agent speaks."""
    turns = tuple(
        Turn(_PREFIXES[part[:2]], part[2:]) if part[:2] in _PREFIXES else Turn(Speaker.AGENT, part)
        for part in text.split("|")
    )
    party = Party.RIGHT_PARTY
    if isinstance(rule, Said) and rule.parties:
        party = next(
            choice for choice in (Party.THIRD_PARTY, Party.UNKNOWN, Party.RIGHT_PARTY) if choice in rule.parties
        )
    return Call("example", _OFFICE_HOUR, party, turns)


def _fires(inspector: Inspector, rule: Rule, example: Example) -> bool:
    # Another rule of the same code may speak first; what counts is the violation. An agency's rule answers for itself
    # alone: what the second voice makes of a sentence is no fault of hers.
    findings = inspector.inspect(example_call(rule, example.text)).findings
    own = isinstance(rule, Said) and rule.is_certain and not example.fires
    labels = {one.heading.label for one in inspector.pack.rules if own and isinstance(one, Alike)}
    return any(finding.code == rule.heading.code and finding.rule_version not in labels for finding in findings)


def _call_differences(inspector: Inspector, expected: WholeCall) -> list[Differs]:
    result = inspector.inspect(expected.call)
    where = f"call {expected.call.id}"
    found: list[Differs] = []
    findings = frozenset((finding.code, finding.turn) for finding in result.findings)
    if findings != expected.findings:
        found.append(Differs(f"{where} findings", sorted(expected.findings, key=str), sorted(findings, key=str)))
    if frozenset(result.missing) != expected.missing:
        found.append(Differs(f"{where} missing", sorted(expected.missing), sorted(result.missing)))
    extracted = extracted_of(result.extracted)
    for name, value in expected.extracted.items():
        if extracted.get(name) != value:
            found.append(Differs(f"{where} {name}", value, extracted.get(name)))
    return found
