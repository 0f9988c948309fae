"""An agreement is read whole or refused; what it leaves out holds as the law and the house have it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from anmi.core.balance import Component
from anmi.core.concessions import NEVER_PROMISED, Authority, Kind
from anmi.core.payment_allocation import STATUTORY_ORDER
from anmi.core.terms import Terms, read_terms

HOUSE = Authority(("supervisor",), (), {Kind.PENALTY_WAIVER: Fraction(1, 10)}, 60)


def test_an_agreement_that_says_nothing_leaves_everything_as_usual() -> None:
    terms = read_terms({})
    assert terms == Terms()
    assert terms.order == STATUTORY_ORDER
    assert terms.authority(HOUSE) == HOUSE
    assert not terms.concessions.kinds & NEVER_PROMISED


def test_an_agreement_says_what_it_says() -> None:
    terms = read_terms(
        {
            "commission": [{"bucket": "M2", "mode": "slice", "steps": [{"from": "0", "rate": "0.15"}]}],
            "allocation_order": ["principal", "interest", "penalty_interest", "late_charge", "fee"],
            "concessions": {
                "kinds": ["fee_waiver"],
                "delegated": {"fee_waiver": "0.5"},
                "principal_is_ours": True,
                "most_instalments": 12,
                "valid_days": 7,
            },
            "promise": {"days": 2, "share": "0.9", "claim_days": 5},
            "keep_for_months": 120,
        }
    )
    row = terms.commission.row("M2", 1)
    assert row is not None
    assert row.steps[0][1] == Fraction(3, 20)
    assert terms.order[0] is Component.PRINCIPAL
    assert terms.concessions.kinds == {Kind.FEE_WAIVER}
    assert terms.promise.share == Fraction(9, 10)
    assert terms.keep_for_months == 120
    authority = terms.authority(HOUSE)
    assert authority.delegated == {Kind.FEE_WAIVER: Fraction(1, 2)}
    assert (authority.most_instalments, authority.principal_is_ours) == (12, True)


def test_no_agreement_reaches_beyond_the_law_of_five_years() -> None:
    assert read_terms({"concessions": {"most_instalments": 120}}).authority(HOUSE).most_instalments == 60


@pytest.mark.parametrize(
    "body",
    [
        {"allocation_order": ["principal"]},
        {"commission": [{"mode": "slice", "steps": []}]},
        {"concessions": {"kinds": ["case_withdrawal"]}},
        {"concessions": {"kinds": ["gift"]}},
        {"concessions": {"delegated": {"fee_waiver": "2"}}},
        {"concessions": {"delegated": []}, "promise": {}},
        {"concessions": {"principal_is_ours": "yes"}},
        {"concessions": {"valid_days": -1}},
        {"promise": {"share": 0.9}},
        {"promise": {"share": "1.5"}},
        {"promise": "soon"},
        {"keep_for_months": True},
        {"contact_rules": [{"rule_id": "NO_SUCH_RULE"}]},
    ],
)
def test_what_cannot_be_read_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_terms(body)
