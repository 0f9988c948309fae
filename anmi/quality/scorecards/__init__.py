"""Scorecards: the criteria a call is scored by, their weights, and which of them are a veto."""
