"""Inspection of conduct: what was said on a call, held against the rules."""
