"""Alarms (告警): what the live watch calls a person for; each is answered by somebody, or goes to the unit above."""
