"""Live watch (实时质检): the rules held against a call while it lasts; alarms that somebody answers."""
