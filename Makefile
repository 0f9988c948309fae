# Each target is a file in scripts/; this is only the table of contents.
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench lock desk

help:   ## This list
	@sed -n 's/^\([a-z]*\): *## /  make \1\t/p' Makefile
setup:  ## Make the environment: Python libraries and the built desk (the others do it by themselves)
	@scripts/setup
demo:   ## Run the whole product with demo data and print where it is
	@scripts/demo
test:   ## Run every test
	@scripts/test
lint:   ## Check style, types and who imports whom
	@scripts/lint
bench:  ## Run the benchmarks and print their figures
	@scripts/bench
lock:   ## Choose the newest libraries that fit, and write down versions and hashes
	@scripts/lock
desk:   ## Build the desk only
	@scripts/desk
