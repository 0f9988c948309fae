from __future__ import annotations

import pytest

from anmi.adapters.speech.wording import PROMPT, is_invented, polished, repeats_itself


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("您好,請問是王小明先生嗎?", "您好，请问是王小明先生吗？"),
        (" 還款 3500 元 ", "还款3500元"),
        ("我用 Apple Pay 付,可以嗎", "我用Apple Pay付，可以吗"),
        ("3.5%的利息", "3.5%的利息"),
        ("，好的。", "好的。"),
        ("头发和发现", "头发和发现"),
        ("", ""),
    ],
)
def test_text_is_kept_in_simplified_characters_and_chinese_punctuation(written: str, kept: str) -> None:
    assert polished(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        PROMPT,
        "以下是普通话",
        "是普通话的句子。",
        "字幕by索兰娅",
        "请不吝点赞 订阅 转发 打赏支持明镜与点点栏目",
        "谢谢观看",
        "感谢您的观看！",
        "优优独播剧场——YoYo Television Series Exclusive",
        "。。。",
        "",
    ],
)
def test_what_the_model_learned_from_subtitles_is_not_a_persons_words(text: str) -> None:
    assert is_invented(text)


@pytest.mark.parametrize("text", ["谢谢，再见。", "感谢您的接听", "我要投诉", "好。", "您说普通话可以吗", "句子"])
def test_what_a_person_may_well_say_is_kept(text: str) -> None:
    assert not is_invented(text)


def test_one_hot_word_may_be_an_answer_and_our_whole_list_is_an_echo() -> None:
    hot_words = ("逾期", "还款", "投诉")
    assert not is_invented("逾期", hot_words)
    assert is_invented("逾期、还款、投诉。", hot_words)


@pytest.mark.parametrize("text", ["零" * 30, "你好吗" * 12, "对不起，对不起，对不起，对不起，对不起，对不起，"])
def test_a_text_that_turns_in_a_circle_is_noticed(text: str) -> None:
    assert repeats_itself(text)


@pytest.mark.parametrize("text", ["好好好好", "一三八零零零零零零", "对，对，对，就是这样。", "嗯嗯嗯，我知道了。"])
def test_a_person_may_say_a_thing_more_than_once(text: str) -> None:
    assert not repeats_itself(text)
