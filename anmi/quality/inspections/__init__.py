"""Inspections (质检): every recorded call held against the rules by machine, the doubtful ones by a person too."""
