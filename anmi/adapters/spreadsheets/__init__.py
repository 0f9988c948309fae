"""Spreadsheets of strangers: what a file really is, and its rows, read in a child process that may do nothing else."""
