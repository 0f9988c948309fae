"""What is owed on an account, component by component; the parts always add up to the sum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from anmi.core.money import ZERO, Money, total


class Component(StrEnum):
    """A part of a debt (本金 利息 罚息 违约金 费用)."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    PENALTY_INTEREST = "penalty_interest"
    LATE_CHARGE = "late_charge"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Balance:
    """One amount for every component."""

    principal: Money = ZERO
    interest: Money = ZERO
    penalty_interest: Money = ZERO
    late_charge: Money = ZERO
    fee: Money = ZERO

    @classmethod
    def of(cls, amounts: Mapping[Component, Money]) -> Balance:
        """Build a balance from the components that are named; the others are nothing."""
        return cls(*(amounts.get(component, ZERO) for component in Component))

    def __getitem__(self, component: Component) -> Money:
        match component:
            case Component.PRINCIPAL:
                return self.principal
            case Component.INTEREST:
                return self.interest
            case Component.PENALTY_INTEREST:
                return self.penalty_interest
            case Component.LATE_CHARGE:
                return self.late_charge
            case Component.FEE:
                return self.fee

    def __add__(self, other: Balance) -> Balance:
        return self._with(lambda component: self[component] + other[component])

    def __sub__(self, other: Balance) -> Balance:
        return self._with(lambda component: self[component] - other[component])

    def __neg__(self) -> Balance:
        return self._with(lambda component: -self[component])

    @property
    def total(self) -> Money:
        return total([self[component] for component in Component])

    @property
    def is_negative(self) -> bool:
        """Whether some component is below nothing."""
        return any(self[component].fen < 0 for component in Component)

    def _with(self, amount: Callable[[Component], Money]) -> Balance:
        return Balance.of({component: amount(component) for component in Component})


NOTHING_OWED = Balance()
