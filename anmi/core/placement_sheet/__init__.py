"""A creditor's placement as a sheet: which column means what, what each cell says, and what is wrong with a row.

Nothing here opens a file: rows come in as values, and a bad row goes out as a value.
"""
