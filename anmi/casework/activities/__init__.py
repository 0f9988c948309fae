"""The diary of a case: what was done, with whom, and what came of it."""
