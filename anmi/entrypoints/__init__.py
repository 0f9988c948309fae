"""The roof: processes, wiring and the page of reactions. Nothing below imports from here."""
