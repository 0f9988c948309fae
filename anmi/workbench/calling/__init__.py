"""Calling (外呼): one click makes a call, if the gate allows it; and what follows for the case when it has ended."""
