"""What is found, what is not, and what a call is worth: one table per idea, on the rules that come with Anmi."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anmi.core.inspection.inspect import Inspector
from anmi.core.inspection.model import Call, Finding, Inspection, Party, Severity, Speaker, Turn
from anmi.core.inspection.reading import call_of
from anmi.core.inspection.score import score

_SPEAKERS = {"a": "agent", "d": "debtor", "t": "third_party", "b": "voicebot"}


def a_call(*said: str, party: str = "right_party", at: str = "2026-11-23T10:00:00+08:00", **more: object) -> Call:
    """Make a call of turns such as `a:您好`, six seconds each."""
    turns = [
        {"speaker": _SPEAKERS[line[0]], "text": line[2:], "start": place * 6, "end": place * 6 + 5}
        for place, line in enumerate(said)
    ]
    return call_of({"id": "c", "started_at": at, "party": party, "turns": turns} | more)


def codes(inspection: Inspection) -> set[str]:
    return {finding.code for finding in inspection.findings}


@pytest.mark.parametrize(
    "said",
    [
        "我们不会去您家，也不会联系您的家人",
        "千万不要把钱转到私人账户",
        "我不是法院的，我是受银行委托的",
        "有人冒充我们让您转账请不要相信",
        "您是说有人要去您家堵您吗",
        "您刚才说有人骂您老赖，是哪一天的事",
        "逾期会如实上报征信",
        "我行保留依法诉讼的权利",
        "继续逾期可能产生罚息",
        "没有人会去抓你，欠款是民事责任",
    ],
)
def test_denials_warnings_questions_and_lawful_words_are_no_findings(inspector: Inspector, said: str) -> None:
    assert inspector.inspect(a_call(f"a:{said}")).findings == ()


@pytest.mark.parametrize("said", ["你们这帮王八蛋", "信不信我弄死你", "你们说要去我家贴大字报", "我转到你卡上可以吗"])
def test_what_the_debtor_says_is_no_finding(inspector: Inspector, said: str) -> None:
    assert inspector.inspect(a_call(f"d:{said}")).findings == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("你以为我们不会上门吗？明天就去你单位闹", "V16"),
        ("不是吓唬你，明天就抓你", "V06"),
        ("不还就去你家堵你", "V01"),
        ("你要不要脸", "V02"),
        ("別怪我對妳不客氣，打斷妳的腿", "V01"),
        ("我是成东派初所的", "V03"),
    ],
)
def test_a_threat_in_the_shape_of_a_denial_is_still_a_threat(inspector: Inspector, said: str, code: str) -> None:
    assert code in codes(inspector.inspect(a_call(f"a:{said}")))


def test_evidence_is_the_sentence_as_it_was_written(inspector: Inspector) -> None:
    inspection = inspector.inspect(a_call("a:您好。 明天 警察就去抓妳 ！好吧。"))
    assert [finding.evidence for finding in inspection.findings] == ["明天 警察就去抓妳 ！"]


def test_a_third_party_is_never_told_of_the_debt(inspector: Inspector) -> None:
    said = "a:他的贷款逾期了"
    assert codes(inspector.inspect(a_call(said, party="third_party"))) == {"V04"}
    assert "V04" not in codes(inspector.inspect(a_call(said.replace("他", "您"), party="right_party")))


def test_the_debt_is_named_only_after_the_name_was_confirmed(inspector: Inspector) -> None:
    debt = "a:您的信用卡已经逾期，欠款八千元"
    asked = ("a:请问是王小明先生吗？", "d:是我。")
    assert "V14" in codes(inspector.inspect(a_call(debt, party="unknown")))
    assert "V14" not in codes(inspector.inspect(a_call(*asked, debt, party="unknown")))
    assert "V14" in codes(
        inspector.inspect(a_call("a:请问是王小明先生吗？", "d:不是，打错了。", debt, party="unknown"))
    )


def test_a_signal_must_be_answered_before_the_collection_goes_on(inspector: Inspector) -> None:
    ill = "d:我得了癌症，在住院"
    assert "V20" in codes(inspector.inspect(a_call(ill, "a:那你今天能还多少")))
    assert "V20" not in codes(inspector.inspect(a_call(ill, "a:您先安心治疗，我帮您登记")))
    assert "V22" in codes(inspector.inspect(a_call("d:我不想活了", "a:先把钱还了")))
    assert "V22" not in codes(inspector.inspect(a_call("d:我不想活了", "a:您千万别想不开")))


@pytest.mark.parametrize(
    ("at", "facts", "fires"),
    [
        ("2026-11-23T21:59:59+08:00", {}, False),
        ("2026-11-23T22:00:00+08:00", {}, True),
        ("2026-11-23T23:30:00Z", {}, True),
        ("2026-11-24T00:00:00Z", {}, False),
        ("2026-11-23T22:30:00", {}, True),
        ("2026-11-23T22:30:00+08:00", {"hours_agreed": True}, False),
        ("2026-11-23T22:30:00+08:00", {"direction": "inbound"}, False),
    ],
)
def test_no_call_from_ten_to_eight(inspector: Inspector, at: str, facts: dict[str, object], *, fires: bool) -> None:
    assert ("V12" in codes(inspector.inspect(a_call("a:您好", at=at, facts=facts)))) is fires


@pytest.mark.parametrize(
    ("said", "facts", "code", "fires"),
    [
        ("您一共欠款五千三百元", {"owing": "3500.00"}, "V19", True),
        ("您一共欠款三千五百元", {"owing": "3500.00"}, "V19", False),
        ("您一共欠款三千五百元", {}, "V19", False),
        ("您已经逾期六十天", {"days_past_due": 45}, "V19", True),
        ("您已经逾期四十五天", {"days_past_due": 45}, "V19", False),
        ("我给你免一半", {}, "V07", True),
        ("我给你免一半", {"concession_approved": True}, "V07", False),
        ("请转到账号六二二二零一二三四五六七八九零一", {"payee_accounts": ["6222012345678901"]}, "V09", False),
        ("请转到账号六二二二零九九九九九九九九九九九", {"payee_accounts": ["6222012345678901"]}, "V09", True),
        ("您好", {"calls_today": 4}, "V11", True),
        ("您好", {"calls_today": 3}, "V11", False),
        ("您好", {"attempts_today": 7}, "V11", True),
    ],
)
def test_facts_of_the_case_decide(
    inspector: Inspector, said: str, facts: dict[str, object], code: str, *, fires: bool
) -> None:
    assert (code in codes(inspector.inspect(a_call(f"a:{said}", facts=facts)))) is fires


def test_nothing_is_missing_from_a_snippet(inspector: Inspector) -> None:
    inspection = inspector.inspect(a_call("a:您今天方便还款吗"))
    assert inspection.missing == ()
    assert inspection.score == 100


def test_a_whole_call_without_an_opening_says_so(inspector: Inspector) -> None:
    turns = ("a:喂，王小明吗？", "d:是我。", "a:最近怎么样？", "d:还行。", "a:那先这样。", "d:嗯。")
    inspection = inspector.inspect(a_call(*turns))
    assert {"V13", "V15"} <= codes(inspection)
    assert {"P01", "P02", "P03"} <= set(inspection.missing)


def test_a_critical_finding_is_a_veto_and_a_score_is_never_negative() -> None:
    def finding(severity: Severity) -> Finding:
        return Finding("V00", 0, severity, "", "r@1")

    assert score([]) == 100
    assert score([finding(Severity.MAJOR), finding(Severity.MINOR)]) == 75
    assert score([finding(Severity.CRITICAL)]) == 0
    assert score([finding(Severity.MAJOR)] * 9) == 0


_TURNS = st.builds(
    Turn,
    st.sampled_from(list(Speaker)),
    st.text(max_size=40) | st.text(alphabet="还钱抓你家不会去警察明天三千五号，。？！ 0123456789", max_size=60),
    st.none() | st.floats(min_value=0, max_value=1e6),
    st.none() | st.floats(min_value=0, max_value=1e6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_TURNS, max_size=8), st.sampled_from(list(Party)))
def test_no_conversation_breaks_the_inspection(inspector: Inspector, turns: list[Turn], party: Party) -> None:
    inspection = inspector.inspect(Call("c", None, party, tuple(turns)))
    assert 0 <= inspection.score <= 100
    assert all(finding.turn is None or 0 <= finding.turn < len(turns) for finding in inspection.findings)


# Without letters: some of those of the keyboard are abuse, spelled out or spelled together.
@given(st.text(alphabet=st.characters(codec="ascii", exclude_categories=("L",)), max_size=200))
@settings(max_examples=40, deadline=None)
def test_noise_yields_no_critical_finding(inspector: Inspector, noise: str) -> None:
    assert not [one for one in inspector.inspect(a_call(f"a:{noise}")).findings if one.severity is Severity.CRITICAL]


@pytest.mark.parametrize("noise", ["啊" * 200_000, "嗯嗯嗯嗯嗯嗯", "哈哈哈哈哈", "喂喂喂", "。。。。。。"])
def test_one_sound_over_and_over_is_no_violation(inspector: Inspector, noise: str) -> None:
    assert inspector.inspect(a_call(f"a:{noise}")).findings == ()


def test_a_threat_in_a_long_line_without_a_stop_is_heard(inspector: Inspector) -> None:
    talk = "那我这边帮您看一下账单然后呢您先稍等一下系统有一点慢我们等一下"
    said = f"a:{talk}行我现在就联系你大学辅导员你看着办{talk}"
    assert inspector.inspect(a_call(f"a:{talk * 3}")).findings == ()
    assert codes(inspector.inspect(a_call(said))) <= {"V01", "V16"}
    assert inspector.inspect(a_call(said)).score == 0
