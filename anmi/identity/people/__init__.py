"""The accounts of those who work here: who they are, where they belong and which roles they hold."""
