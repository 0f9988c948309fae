"""The engine: one for each switch, the owner of every call in it."""
