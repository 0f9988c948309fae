"""The rules that come with Anmi prove themselves; a broken pack says where it is broken."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.reading import call_of
from anmi.core.inspection.rules import Known
from anmi.core.inspection.writing import extracted_of
from anmi.quality.rules import second_voice
from anmi.quality.rules.corpus import BadCorpus, Labelled, calls, fresh, utterances
from anmi.quality.rules.learning import lessons, mark
from anmi.quality.rules.loader import BadRulePack, rule_pack
from anmi.quality.rules.report import TARGET, is_good, lines_of, report_of
from anmi.quality.rules.trial import Tally, Trial, example_call, try_pack

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector(rule_pack())


@pytest.fixture(scope="module")
def trial(inspector: Inspector) -> Trial:
    return try_pack(inspector, utterances(CORPUS), calls(CORPUS))


def test_every_violation_and_every_positive_has_a_rule(inspector: Inspector) -> None:
    assert {rule.heading.code for rule in inspector.pack.rules} == {f"V{number:02}" for number in range(1, 23)}
    assert {one.code for one in inspector.pack.positives if one.listed} == {f"P{number:02}" for number in range(1, 15)}


def test_every_rule_that_listens_carries_examples_of_both_kinds(inspector: Inspector) -> None:
    cues = {cue.id for cue in inspector.pack.cues}
    for rule in inspector.pack.rules:
        if rule.heading.id in cues and not isinstance(rule, Known):
            examples = [example for example in inspector.pack.examples if example.rule == rule.heading.id]
            assert {example.fires for example in examples} == {True, False}, rule.heading.id


def test_no_rule_fails_its_own_examples(trial: Trial) -> None:
    assert trial.failed_examples == ()


def test_the_whole_calls_are_inspected_as_people_would(trial: Trial) -> None:
    assert trial.calls >= 20
    assert trial.failed_calls == ()


def test_critical_violations_are_found_and_not_invented(trial: Trial) -> None:
    assert trial.parts["all"].count >= 600
    for part in ("written", "heard", "written, held out"):
        recall, precision = trial.parts[part].alarms.recall, trial.parts[part].alarms.precision
        assert recall is not None
        assert precision is not None
        assert recall >= TARGET, part
        assert precision >= TARGET, part


def test_half_of_the_corpus_deserves_nothing_and_a_third_is_held_out() -> None:
    labelled = utterances(CORPUS)
    assert 2 * sum(not one.codes for one in labelled) >= len(labelled)
    assert 3 * sum(one.held_out for one in labelled) >= len(labelled)


def test_what_was_once_missed_is_found_now(inspector: Inspector) -> None:
    once_missed = utterances(CORPUS, "once_missed.jsonl")
    critical = [one for one in once_missed if not one.codes <= {"V07", "V10", "V13", "V15", "V17", "V18", "V19", "V21"}]
    scores = [inspector.inspect(one.call).score for one in critical]
    assert scores.count(0) >= 0.98 * len(critical)


def test_a_report_is_told_in_lines_and_as_json(trial: Trial) -> None:
    assert is_good(trial) == report_of(trial)["good"]
    assert any("V01" in line for line in lines_of(trial))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "concepts.toml is missing"),
        ({"concepts.toml": "[concepts"}, "concepts.toml"),
        ({"concepts.toml": '[concepts]\na = ["{b}"]'}, "no concept is called b"),
        ({"concepts.toml": "[concepts]", "r.toml": '[[rule]]\nid = "X"'}, "r.toml"),
        (
            {
                "concepts.toml": "[concepts]",
                "r.toml": '[[rule]]\nid="X"\nversion=1\ncode="V01"\nseverity="critical"\ntitle="t"\npatterns=["(a"]',
            },
            "bracket",
        ),
        (
            {
                "concepts.toml": "[concepts]",
                "r.toml": '[[rule]]\nid="X"\nversion=1\ncode="V01"\nseverity="critical"\ntitle="t"\ncue="nobody"',
            },
            "nobody",
        ),
    ],
)
def test_a_broken_pack_says_where_it_is_broken(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(BadRulePack, match=message):
        rule_pack(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}'])
def test_a_broken_corpus_names_the_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "utterances.jsonl").write_text(line, "utf-8")
    with pytest.raises(BadCorpus, match=r"utterances\.jsonl:1"):
        utterances(tmp_path)


def test_the_second_voice_was_learnt_from_the_corpus_as_it_stands(inspector: Inspector) -> None:
    folder = Path(str(resources.files("anmi.quality") / "rule_pack"))
    assert second_voice.learnt_from(folder) == mark(lessons(inspector, CORPUS)), "run scripts/learn"


def alarms(inspector: Inspector, labelled: Iterable[Labelled]) -> Tally:
    """Count on how many calls a critical finding was right, invented or overlooked."""
    return try_pack(inspector, labelled, ()).parts["all"].alarms


def test_sentences_the_rules_have_never_seen_are_alarmed_as_those_they_know(inspector: Inspector) -> None:
    for name, batch in fresh(CORPUS).items():
        tally = alarms(inspector, batch)
        # What is held out is never learnt from by the second voice.
        target = 0.9 if all(one.held_out for one in batch) else TARGET
        assert (tally.recall or 0) >= target, name
        assert (tally.precision or 0) >= target, name


@pytest.mark.parametrize("line", (CORPUS / "notes.jsonl").read_text("utf-8").splitlines())
def test_the_note_says_what_was_agreed(inspector: Inspector, line: str) -> None:
    row = json.loads(line)
    note = extracted_of(inspector.inspect(call_of(row["call"])).extracted)
    assert {name: note[name] for name in row["extracted"]} == row["extracted"], row["call"]["turns"]


def test_what_is_said_by_telephone_is_alarmed_as_it_was_recognised(inspector: Inspector) -> None:
    tally = alarms(inspector, utterances(CORPUS, "spoken.jsonl"))
    assert (tally.recall or 0) >= 0.8
    assert (tally.precision or 0) >= TARGET


def test_an_agency_s_own_rule_is_never_doubted() -> None:
    rule = {
        "id": "V01.umbrella",
        "version": 1,
        "code": "V01",
        "severity": "critical",
        "title": "t",
        "patterns": ["带好雨伞"],
        "fire": ["请您带好雨伞"],
        "hold": ["再见"],
    }
    pack = rule_pack(changes=[rule])
    assert "V01" in {
        finding.code for finding in Inspector(pack).inspect(example_call(pack.rules[-1], "请您带好雨伞")).findings
    }


def test_without_a_second_voice_only_the_rules_speak(inspector: Inspector) -> None:
    alone = Inspector(replace(inspector.pack, likeness=None))
    said = "昨天那个跟你一样嘴硬的，今天在骨科躺着呢"
    call = example_call(inspector.pack.rules[0], said)
    assert alone.inspect(call).findings == ()
    assert inspector.inspect(call).findings != ()
