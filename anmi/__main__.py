"""`python -m anmi` is the `anmi` command."""

from anmi.entrypoints.cli import main

main()
