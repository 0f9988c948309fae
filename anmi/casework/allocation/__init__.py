"""Giving cases to collectors by rule: plan, preview, carry out, undo; the pool and assists."""
