"""Agents (坐席): who is at work on the phone floor, with which phone, and in which state since when."""
