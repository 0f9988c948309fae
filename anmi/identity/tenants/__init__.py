"""Agencies: made, suspended and resumed by the operator of the platform."""
