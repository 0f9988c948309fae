"""Calibration: inspectors score the same calls, so that they and the machine mean the same by the same rule."""
