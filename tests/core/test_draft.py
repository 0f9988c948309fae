"""The half-written note holds what was agreed with its sentence and its time, and nothing that was left open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anmi.core.draft import PROMISED, Draft, Noted, draft_of
from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.reading import call_of
from anmi.quality.rules.loader import rule_pack

_SPEAKERS = {"a": "agent", "d": "debtor", "t": "third_party"}
_SECONDS = 5.0


@pytest.fixture(scope="module")
def inspector() -> Inspector:
    return Inspector(rule_pack())


def draft(inspector: Inspector, *said: str) -> Draft:
    """Draft the note of a call on a Monday at ten about 9,000 yuan; each line takes five seconds."""
    turns = [
        {"speaker": _SPEAKERS[line[0]], "text": line[2:], "start": place * _SECONDS, "end": place * _SECONDS + 4}
        for place, line in enumerate(said)
    ]
    call = call_of(
        {
            "id": 1,
            "started_at": "2026-11-23T10:00:00+08:00",
            "party": "unknown",
            "turns": turns,
            "facts": {"owing": "9000.00"},
        }
    )
    heard = inspector.scanner.scan([turn.text for turn in call.turns], [turn.speaker for turn in call.turns])
    return draft_of(Dialogue(call, tuple(heard)))


def promised(found: Draft) -> tuple[str | None, int | None]:
    return (
        found.promise_on.value.isoformat() if found.promise_on else None,
        found.promise_amount.value.fen if found.promise_amount else None,
    )


@pytest.mark.parametrize(
    ("said", "day", "fen"),
    [
        (("d:下周五我先还三千五",), "2026-12-04", 350000),
        (("d:我月底还两万块",), "2026-11-30", 2000000),
        (("d:十五号吧，我给你转一千二",), "2026-12-15", 120000),
        (("d:下周五还三千", "d:哦不对，下周六还两千五"), "2026-12-05", 250000),
        (("d:下周五还三千五", "a:您下周五还三千五百元，对吗？", "d:嗯"), "2026-12-04", 350000),
        (("a:您必须今天还五千。", "d:嗯。"), None, None),
        (("a:明天还五千吧",), None, None),
        (("a:那十五号还两千，可以吗？", "d:可以"), "2026-12-15", 200000),
        # Two ways, left open.
        (("d:下周五或者月底，我还三千",), None, 300000),
        (("d:下周五还两千或者三千",), "2026-12-04", None),
        (("d:下周五还两千，或者三千",), "2026-12-04", None),
        (("d:下周五还三千五", "a:您下周五还五千元，对吗？", "d:嗯"), "2026-12-04", None),
        (("d:下周五还三千五", "a:您月底还三千五，对吗？", "d:嗯"), None, 350000),
        # And settled by what came later.
        (("d:下周五或者月底还三千", "a:到底哪天？", "d:就月底，还三千"), "2026-11-30", 300000),
        (("d:下周五还三千五", "a:能不能还五千？", "d:行，那就还五千"), "2026-12-04", 500000),
        (("d:这钱不是我借的", "a:这是您的账单", "d:哦想起来了，我明天还两千"), "2026-11-24", 200000),
        # Taken back.
        (("d:明天还三千", "a:好的。", "d:算了，我还不了"), None, None),
        (("d:明天还三千", "a:好的。", "d:我不会还的，你们去告吧"), None, None),
        (("d:明天还三千", "a:好的。", "d:等等，这钱不是我借的"), None, None),
        (("t:他下周五还三千",), None, None),
    ],
)
def test_only_what_the_debtor_has_settled_on_is_a_promise(
    inspector: Inspector, said: tuple[str, ...], day: str | None, fen: int | None
) -> None:
    assert promised(draft(inspector, *said)) == (day, fen)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("d:明天还九千",), "PTP"),
        (("d:明天先还一千",), "PPTP"),
        (("d:下周五或者月底还三千",), None),
        (("d:明天还三千", "a:好的。", "d:等等，这钱不是我借的"), None),
        (("d:我失业了，没钱还",), "FD"),
        (("a:请问是张伟吗？", "d:你打错了"), "WN"),
        (("d:我是他姐姐",), "TPC"),
        (("a:您好",), None),
        (("d:嗯",), None),
        ((), None),
    ],
)
def test_a_result_is_offered_where_a_sentence_shows_it(
    inspector: Inspector, said: tuple[str, ...], code: str | None
) -> None:
    found = draft(inspector, *said).result
    assert (found.value if found else None) == code


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (("d:你下午三点以后再打给我吧",), "2026-11-23 15:00"),
        (("a:那我下周一再联系您",), "2026-11-30 —"),
        (("d:我下周五还三千五", "a:好的，那我下周三上午十点再联系您", "d:好"), "2026-12-02 10:00"),
        (("a:我明天上午十点再联系您", "d:不行，后天下午两点吧"), "2026-11-25 14:00"),
        (("a:我明天再联系您", "d:不要再打了"), None),
        (("a:我明天再联系您", "d:别，周三我自己还"), "2026-11-24 —"),
        (("d:我在开会，晚点再打给我",), None),
    ],
)
def test_the_next_contact_is_the_last_word_on_it(
    inspector: Inspector, said: tuple[str, ...], moment: str | None
) -> None:
    found = draft(inspector, *said).next_contact
    shown = f"{found.value.on} {found.value.at.strftime('%H:%M') if found.value.at else '—'}" if found else None
    assert shown == moment


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (("d:我上个月失业了",), "失业"),
        (("d:我没失业",), None),
        (("d:老板一直没发工资",), "工资未发"),
        (("d:这钱不是我借的",), "称非本人借款"),
        (("d:我失业了，而且这钱不是我借的",), None),
        (("a:您是失业了吗？", "d:你管我"), None),
    ],
)
def test_the_reason_is_the_debtors_own(inspector: Inspector, said: tuple[str, ...], reason: str | None) -> None:
    found = draft(inspector, *said).reason
    assert (found.value if found else None) == reason


def test_every_value_says_its_sentence_its_time_and_whose_it_is(inspector: Inspector) -> None:
    found = draft(
        inspector,
        "a:什么时候还？",
        "d:嗯。我失业了。下周五我还三千五。你放心。",
        "a:好，下周四上午十点我再联系您。",
    )
    assert found.promise_amount is not None
    assert found.promise_on == Noted(found.promise_on.value, "下周五我还三千五。", 5.0, is_ours=False)  # type: ignore[union-attr]
    assert found.promise_amount.sentence == "下周五我还三千五。"
    assert found.reason == Noted("失业", "我失业了。", 5.0, is_ours=False)
    assert found.next_contact is not None
    assert (found.next_contact.at, found.next_contact.is_ours) == (10.0, True)


LINES = st.sampled_from(
    [
        "a:什么时候能还？", "a:那十五号还两千，可以吗？", "a:您必须今天还五千。", "a:我明天再联系您",
        "a:您下周五还三千五，对吗？", "d:嗯", "d:可以", "d:下周五我还三千五", "d:下周五或者月底还三千",
        "d:算了，我还不了",
        "d:这钱不是我借的", "d:我失业了", "d:我要投诉你们", "d:不行，后天下午两点再打给我", "d:我五千还不起",
        "t:他不在家", "d:喂",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=8))
def test_whatever_is_said_every_value_stands_in_the_call_and_a_promised_result_has_its_day(
    inspector: Inspector, said: list[str]
) -> None:
    found = draft(inspector, *said)
    for noted in (found.result, found.promise_on, found.promise_amount, found.next_contact, found.reason):
        if noted is not None:
            assert noted.at is not None
            line = said[int(noted.at // _SECONDS)]
            assert noted.sentence in line
            assert noted.is_ours == line.startswith("a:")
    if found.result is not None and found.result.value in PROMISED:
        assert found.promise_on is not None
    if not any(line[0] == "d" for line in said):
        assert promised(found) == (None, None)


@settings(max_examples=50, deadline=None)
@given(st.lists(LINES, max_size=5))
def test_the_debtors_last_clear_word_wins(inspector: Inspector, said: list[str]) -> None:
    talk = [line for line in said if not line.startswith("t:")]
    assert promised(draft(inspector, *talk, "d:我明天还一千二")) == ("2026-11-24", 120000)
