"""Money: claimed, reconciled against the statement, posted, reversed; every fen accounted for."""
