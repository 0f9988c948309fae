"""The half-written note holds what was agreed, and the sentence it came from."""

from __future__ import annotations

import pytest

from anmi.core.inspection.dialogue import Dialogue
from anmi.core.inspection.extraction import extract
from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Extracted
from anmi.core.inspection.reading import call_of

_SPEAKERS = {"a": "agent", "d": "debtor", "t": "third_party"}


def note(inspector: Inspector, *said: str, party: str = "right_party", owing: str | None = "9000.00") -> Extracted:
    turns = [{"speaker": _SPEAKERS[line[0]], "text": line[2:]} for line in said]
    document = {"id": 1, "started_at": "2026-11-23T10:00:00+08:00", "party": party, "turns": turns}
    call = call_of(document | ({"facts": {"owing": owing}} if owing else {}))
    return extract(
        Dialogue(
            call,
            tuple(inspector.scanner.scan([turn.text for turn in call.turns], [turn.speaker for turn in call.turns])),
        )
    )


@pytest.mark.parametrize(
    ("said", "day", "fen"),
    [
        (("d:下周五我还三千五",), "2026-12-04", 350000),
        (("a:什么时候能还？", "d:月底吧", "a:能还多少？", "d:两千"), "2026-11-30", 200000),
        (("a:那十五号还两千，可以吗？", "d:可以"), "2026-12-15", 200000),
        (("a:跟您确认，后天还一千五，对吧？", "d:嗯，对"), "2026-11-25", 150000),
        (("d:明天全部还清",), "2026-11-24", 900000),
        (("a:今天必须还五千", "d:我五千还不起"), None, None),
        (("a:您必须今天还五千。", "d:嗯。"), None, None),
        (("d:我三千五还不起",), None, None),
        (("d:我上个月十五号还了三千",), None, None),
        (("d:发工资那天我还三千",), None, 300000),
        (("d:千把块吧，明天还",), "2026-11-24", None),
        (("d:明天还一千", "a:能不能还两千？", "d:两千不行，后天还一千五"), "2026-11-25", 150000),
        (("d:明天还三千", "a:好的。", "d:算了，我还不了"), None, None),
        (("d:周五还行不行？", "a:不行，最晚周四。", "d:那好吧，周四还两千"), "2026-11-26", 200000),
        (("t:他下周五还三千",), None, None),
    ],
)
def test_a_promise_is_what_the_debtor_agreed_to_last(
    inspector: Inspector, said: tuple[str, ...], day: str | None, fen: int | None
) -> None:
    extracted = note(inspector, *said)
    assert (extracted.promise_date.isoformat() if extracted.promise_date else None) == day
    assert (extracted.promise_amount.fen if extracted.promise_amount else None) == fen


def test_a_value_carries_the_sentence_it_came_from(inspector: Inspector) -> None:
    extracted = note(inspector, "a:什么时候还？", "d:嗯。下周五我还三千五。你放心。")
    sources = dict(extracted.sources)
    assert sources["promise_date"].turn == 1
    assert sources["promise_amount_fen"].text == "下周五我还三千五。"


@pytest.mark.parametrize(
    ("said", "party", "code"),
    [
        (("d:明天还九千",), "right_party", "PTP"),
        (("d:明天先还一千",), "right_party", "PPTP"),
        (("d:我昨天已经还了",), "right_party", "CP"),
        (("d:我不会还的，你们去告吧",), "right_party", "RTP"),
        (("d:我失业了，没钱还",), "right_party", "FD"),
        (("d:这钱不是我借的",), "right_party", "DIS"),
        (("d:我要投诉你们",), "right_party", "CMP"),
        (("d:我已经请律师了",), "right_party", "LAW"),
        (("d:能不能分期还",), "right_party", "REQ_INS"),
        (("d:利息能不能减免",), "right_party", "REQ_RED"),
        (("d:我在开会，晚点再打给我",), "right_party", "CB"),
        (("a:请问是张伟吗？", "d:你打错了"), "unknown", "WN"),
        (("t:我会转告他的",), "third_party", "LM"),
        (("t:别再打给我了",), "third_party", "TPR"),
        (("t:他去年去世了",), "third_party", "DEC"),
        (("t:他住院了，重病",), "third_party", "ILL"),
        (("t:他在坐牢",), "third_party", "JAIL"),
        (("t:我是他姐姐",), "third_party", "TPC"),
        (("a:您好",), "unknown", None),
    ],
)
def test_a_call_ends_with_a_result_of_the_trade(
    inspector: Inspector, said: tuple[str, ...], party: str, code: str | None
) -> None:
    assert note(inspector, *said, party=party).result_code == code


@pytest.mark.parametrize(
    ("said", "confirmed"),
    [
        (("a:请问是王小明先生吗？", "d:是我"), True),
        (("a:请问是王小明先生吗？", "d:我不是，打错了"), False),
        (("a:请问是王小明先生吗？", "d:你是谁？"), False),
        (("a:请说一下身份证后四位", "d:一二三四"), True),
        (("a:您好",), False),
    ],
)
def test_the_right_party_is_who_said_so(inspector: Inspector, said: tuple[str, ...], *, confirmed: bool) -> None:
    assert note(inspector, *said, party="unknown").right_party_confirmed is confirmed


def test_the_next_contact_and_the_reason_are_noted(inspector: Inspector) -> None:
    extracted = note(inspector, "d:我失业了，没钱还", "a:那我下周一再联系您")
    assert extracted.reason == "失业"
    assert extracted.next_contact_on is not None
    assert extracted.next_contact_on.isoformat() == "2026-11-30"


def test_a_wish_to_complain_is_seen_beside_a_promise(inspector: Inspector) -> None:
    extracted = note(inspector, "d:我要投诉你们，明天我还九千")
    assert extracted.complaint_tendency
    assert extracted.result_code == "PTP"


def test_a_turn_that_claims_to_be_said_at_the_end_of_the_world_is_still_read(inspector: Inspector) -> None:
    turn = {"speaker": "agent", "text": "那我下周一再联系您", "start": 1e18, "end": 1e18}
    call = call_of({"id": 1, "started_at": "2026-11-23T10:00:00+08:00", "party": "unknown", "turns": [turn]})
    assert inspector.inspect(call).extracted.next_contact_on is not None
