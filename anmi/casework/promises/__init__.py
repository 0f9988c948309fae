"""Promises to pay: taken, kept, partly kept or broken, settled by the payments that arrive."""
