"""The unit of work: what one debtor owes one creditor within one placement, and where that stands."""
