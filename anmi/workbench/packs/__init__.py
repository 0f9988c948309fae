"""Packs: the recordings of many calls and the diary of their cases in one file, handed out on the record."""
