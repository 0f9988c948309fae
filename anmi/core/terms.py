"""What was agreed with a creditor: what we earn, what we may grant, where payments go, what is stricter than the law.

Whatever an agreement leaves out holds as the law and the house have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final, cast

from anmi.core.commission import CommissionTable, read_commission_table
from anmi.core.concessions import NEVER_PROMISED, Authority, Kind
from anmi.core.contact_rules.pack_reader import read_rows
from anmi.core.contact_rules.rule_pack import RuleRow
from anmi.core.payment_allocation import STATUTORY_ORDER, Order, read_order
from anmi.core.promises import Tolerance
from anmi.core.tables import names, rate

PROMISABLE: Final = frozenset(Kind) - NEVER_PROMISED
NO_COMMISSION: Final = CommissionTable(())
NO_TOLERANCE: Final = Tolerance()


@dataclass(frozen=True, slots=True)
class ConcessionTerms:
    """Which relief a creditor allows, up to which share we decide it alone, and for how long it holds.

    `delegated` and `principal_is_ours` are None where the house's own table holds.
    """

    kinds: frozenset[Kind] = PROMISABLE
    delegated: Mapping[Kind, Fraction] | None = None
    principal_is_ours: bool | None = None
    most_instalments: int | None = None
    valid_days: int = 30
    plan_grace_days: int = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """One agreement."""

    commission: CommissionTable = NO_COMMISSION
    order: Order = STATUTORY_ORDER
    concessions: ConcessionTerms = ConcessionTerms()
    promise: Tolerance = NO_TOLERANCE
    contact_rules: tuple[RuleRow, ...] = ()
    # 2018 公约: five years; a contract may ask for more, and for the records to be handed back.
    keep_for_months: int = 60
    return_within_days: int = 30

    def authority(self, house: Authority) -> Authority:
        """Return who signs what under this agreement: the house's ladder, within what the creditor leaves to us."""
        said = self.concessions
        return replace(
            house,
            delegated=house.delegated if said.delegated is None else said.delegated,
            principal_is_ours=house.principal_is_ours if said.principal_is_ours is None else said.principal_is_ours,
            # No contract reaches beyond the house's own limit, which is the law's.
            most_instalments=min(house.most_instalments, said.most_instalments or house.most_instalments),
        )


def read_terms(data: Mapping[str, object]) -> Terms:
    """Build the terms from a kept body; raise ValueError naming the part that cannot be read."""
    usual = Terms()
    return Terms(
        commission=read_commission_table(data.get("commission") or []),
        order=read_order(names(data["allocation_order"], "terms")) if data.get("allocation_order") else usual.order,
        concessions=_concessions(_part(data, "concessions")),
        promise=_tolerance(_part(data, "promise")),
        contact_rules=read_rows(data.get("contact_rules") or []),
        keep_for_months=_number(data, "keep_for_months", usual.keep_for_months),
        return_within_days=_number(data, "return_within_days", usual.return_within_days),
    )


def _concessions(data: Mapping[str, object]) -> ConcessionTerms:
    usual = ConcessionTerms()
    kinds = frozenset(Kind(name) for name in names(data["kinds"], "terms")) if "kinds" in data else usual.kinds
    if kinds & NEVER_PROMISED:
        raise ValueError("terms, concessions: nobody may promise to withdraw a case or a credit report")
    principal_is_ours = data.get("principal_is_ours")
    if principal_is_ours not in {True, False, None}:
        raise ValueError("terms, concessions: principal_is_ours is yes or no")
    return ConcessionTerms(
        kinds,
        _shares(data.get("delegated")),
        cast("bool | None", principal_is_ours),
        _number(data, "most_instalments", 0) or None,
        _number(data, "valid_days", usual.valid_days),
        _number(data, "plan_grace_days", usual.plan_grace_days),
    )


def _shares(data: object) -> Mapping[Kind, Fraction] | None:
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise ValueError("terms, concessions: delegated names a share for each kind")  # noqa: TRY004 - the table's fault
    given = cast("Mapping[str, object]", data)
    shares = {Kind(kind): rate(share, "terms, concessions") for kind, share in given.items()}
    if any(share > 1 for share in shares.values()):
        raise ValueError("terms, concessions: a share is not more than all")
    return shares


def _tolerance(data: Mapping[str, object]) -> Tolerance:
    usual = Tolerance()
    share = rate(data["share"], "terms, promise") if "share" in data else usual.share
    return Tolerance(_number(data, "days", usual.days), share, _number(data, "claim_days", usual.claim_days))


def _part(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    part = data.get(key) or {}
    if not isinstance(part, Mapping):
        raise ValueError(f"terms, {key}: a table is expected")  # noqa: TRY004 - the table's fault
    return cast("Mapping[str, object]", part)


def _number(data: Mapping[str, object], key: str, usual: int) -> int:
    value = data.get(key, usual)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"terms, {key}: a number is expected")
    return value
