"""Housekeeping: what is only needed for a while is swept away when its while is over."""
