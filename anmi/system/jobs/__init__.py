"""Seeing to the jobs of one's own agency: what waits, what runs, and what has failed for good."""
