from __future__ import annotations

import json

import pytest

from anmi.adapters.speech.funasr_messages import Answer, Closed, Piece, Sentence, opening, understood
from anmi.adapters.speech.funasr_times import timed
from anmi.core.ports.speech import Word

STAMPED = {
    "mode": "2pass-offline",
    "text": "好的，再见。",
    "timestamp": "[[100,300],[300,500],[700,900],[900,1100]]",
    "stamp_sents": [
        {"text_seg": "好 的", "punc": "，", "start": 100, "end": 500, "ts_list": [[100, 300], [300, 500]]},
        {"text_seg": "再 见", "punc": "。", "start": 700, "end": 1100, "ts_list": [[700, 900], [900, 1100]]},
    ],
}
IN_TWO = [
    Sentence("好的", 0.1, 0.5, (Word(0.1, 0.3, "好"), Word(0.3, 0.5, "的"))),
    Sentence("再见。", 0.7, 1.1, (Word(0.7, 0.9, "再"), Word(0.9, 1.1, "见"))),
]


@pytest.mark.parametrize(
    ("said", "has_ended", "answers"),
    [
        ({"mode": "2pass-online", "text": "好"}, False, [Piece("好")]),
        ({"mode": "online", "text": "好"}, False, [Piece("好")]),
        ({"mode": "2pass-online", "text": ""}, False, []),
        # The older Python server: `is_final` while somebody speaks, and no stamps.
        ({"mode": "2pass-offline", "text": "好的。", "is_final": True}, False, [Sentence("好的。")]),
        ({"mode": "2pass-offline", "text": "好的。", "is_final": True}, True, [Sentence("好的。")]),
        ({"mode": "2pass-offline", "text": "好的。", "is_final": False}, True, [Sentence("好的。")]),
        # The C++ runtime.
        ({**STAMPED, "is_final": False}, False, IN_TWO),
        ({**STAMPED, "is_final": False}, True, IN_TWO),
        ({**STAMPED, "is_final": True}, True, [*IN_TWO, Closed()]),
        ({"text": "", "wav_name": "anmi", "is_final": True}, True, [Closed()]),
        ({"text": "", "is_final": True}, False, []),
        ({"text": "ERROR. ONLY SUPPORT PCM.", "is_final": True}, True, [Closed("ERROR. ONLY SUPPORT PCM.")]),
        (
            {"mode": "offline", "text": "好的", "timestamp": "[[100,300],[300,500]]"},
            False,
            [Sentence("好的", 0.1, 0.5, (Word(0.1, 0.3, "好"), Word(0.3, 0.5, "的")))],
        ),
        ({"mode": "offline", "text": "好的", "timestamp": "[[100,", "stamp_sents": ""}, False, [Sentence("好的")]),
        ({"mode": "offline", "text": "好的", "timestamp": [[-1, "x"]], "stamp_sents": [7]}, False, [Sentence("好的")]),
        ({"mode": "2pass-offline", "text": "。"}, False, []),
        # The newer Python server acknowledges the end.
        ({"is_end": True, "is_final": True, "error": None}, True, [Closed()]),
        ({"is_end": True, "error": "out of memory"}, True, [Closed("out of memory")]),
    ],
)  # fmt: skip
def test_servers_of_every_age_are_understood(said: dict[str, object], has_ended: bool, answers: list[Answer]) -> None:
    assert understood(json.dumps(said), has_ended=has_ended) == answers


@pytest.mark.parametrize("message", ["", "not json", "[1, 2]", "null", b"\xff\xfe", '"text"'])
def test_what_is_no_answer_is_passed_over(message: str | bytes) -> None:
    assert understood(message, has_ended=True) == []


def test_hot_words_are_told_to_old_and_new_servers() -> None:
    told = json.loads(opening("anmi", ("逾期", "减免")))
    assert json.loads(told["hotwords"]) == {"逾期": 20, "减免": 20}
    assert told["hotword"] == "逾期 减免"
    assert "hotwords" not in json.loads(opening("anmi", ()))


def test_sentences_without_times_share_what_is_loud_in_their_gap() -> None:
    loud = [tenth / 10 for tenth in (*range(10, 20), *range(50, 70))]
    utterances = timed([Sentence("一二三四五"), Sentence("一二三四五六七八九十")], loud, 9.0)
    assert [(utterance.start, utterance.end) for utterance in utterances] == [(1.0, 2.0), (5.0, 7.0)]


def test_sentences_with_times_keep_them_and_bound_the_others() -> None:
    sentences = [Sentence("甲乙"), Sentence("丙丁", 4.0, 5.0), Sentence("戊己")]
    utterances = timed(sentences, [tenth / 10 for tenth in range(80)], 8.0)
    assert [(utterance.start, utterance.end) for utterance in utterances] == [(0.0, 4.0), (4.0, 5.0), (5.0, 8.0)]


def test_a_track_without_any_loud_moment_still_places_its_sentences() -> None:
    [utterance] = timed([Sentence("好")], [], 3.0)
    assert 0 <= utterance.start < utterance.end <= 3.1
    assert timed([], [], 3.0) == ()
