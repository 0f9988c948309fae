"""Batches of cases given to us at once: imported from a file, paused, recalled or returned."""
