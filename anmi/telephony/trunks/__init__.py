"""Trunks (线路): the lines to the carriers, their accounts, their capacity and health."""
