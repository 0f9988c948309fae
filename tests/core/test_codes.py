"""The codes of the diary say what must be written down and what follows."""

from __future__ import annotations

import tomllib
from itertools import chain, combinations
from pathlib import Path

import pytest

from anmi.core.codes import ContactLevel, Field, Follow, read_code_table
from anmi.core.number_state import NumberState

DATA = tomllib.loads((Path(__file__).parents[2] / "anmi/casework/code_table/default.toml").read_text("utf-8"))
TABLE = read_code_table(DATA)


def test_a_promise_takes_a_sum_and_a_day() -> None:
    promise = TABLE.results["PTP"]
    assert promise.follows == {Follow.TAKE_PROMISE}
    assert promise.missing([]) == (Field.PROMISE_AMOUNT, Field.PROMISE_DUE_ON)
    assert promise.missing([Field.PROMISE_AMOUNT]) == (Field.PROMISE_DUE_ON,)
    assert promise.missing(list(Field)) == ()


def test_a_contact_person_who_declines_is_suppressed() -> None:
    assert TABLE.results["TPR"].follows == {Follow.SUPPRESS_NUMBER, Follow.STOP_THIRD_PARTY}
    assert TABLE.results["TPR"].levels == {ContactLevel.THIRD_PARTY}


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("WN", NumberState.WRONG_PARTY),
        ("EMP", NumberState.EMPTY),
        ("SUS", NumberState.SUSPENDED),
        ("OFF", NumberState.POWERED_OFF),
        ("NA", None),
        ("PTP", None),
    ],
)
def test_a_call_that_failed_says_what_is_known_of_the_number(code: str, state: NumberState | None) -> None:
    assert TABLE.results[code].number_state is state


def test_only_the_house_writes_that_a_promise_was_kept() -> None:
    for level in ContactLevel:
        chosen = {result.code for result in TABLE.results_at(level)}
        assert not chosen & {"KP", "BP", "SMS_OK"}
    assert "PTP" in {result.code for result in TABLE.results_at(ContactLevel.RIGHT_PARTY)}
    assert "PTP" not in {result.code for result in TABLE.results_at(ContactLevel.THIRD_PARTY)}


def test_no_debt_is_spoken_of_with_a_third_party_by_code() -> None:
    of_money = {Follow.TAKE_PROMISE, Follow.CLAIM_PAYMENT, Follow.ASK_CONCESSION, Follow.ASK_INSTALMENTS}
    assert not any(result.follows & of_money for result in TABLE.results_at(ContactLevel.THIRD_PARTY))


@pytest.mark.parametrize("given", list(chain.from_iterable(combinations(Field, count) for count in range(3))))
def test_what_is_missing_and_what_is_given_make_up_what_is_required(given: tuple[Field, ...]) -> None:
    for result in TABLE.results.values():
        assert set(result.missing(given)) == result.required - set(given)


GOOD: dict[str, object] = {"code": "X", "zh": "某", "en": "Some", "levels": ["right_party"]}


@pytest.mark.parametrize(
    "change",
    [
        {"version": 1},
        {"action": []},
        {"result": [GOOD, GOOD]},
        {"result": [GOOD | {"zh": ""}]},
        {"result": [GOOD | {"levels": []}]},
        {"result": [GOOD | {"levels": "right_party"}]},
        {"result": [GOOD | {"levels": ["neighbour"]}]},
        {"result": [GOOD | {"required": ["mood"]}]},
        {"result": [GOOD | {"follows": ["take_promise"], "required": ["promise_amount"]}]},
        {"result": [GOOD | {"number_state": "tired"}]},
    ],
)
def test_a_code_that_cannot_be_read_or_asks_too_little_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="code table"):
        read_code_table(DATA | change)
