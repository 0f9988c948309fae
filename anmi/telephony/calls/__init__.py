"""Calls: one row per call, and its journal of events, from which the row can be told again."""
