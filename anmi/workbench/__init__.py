"""The workbench: where a call meets a case."""
