"""Calibrations (校准): the same calls judged by several inspectors, blind: how far they agree, and with the machine."""
