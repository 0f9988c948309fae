"""The working day of a collector: her lists with their counts, and what she has done so far."""
