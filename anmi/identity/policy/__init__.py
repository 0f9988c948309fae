"""The security policy of an agency: passwords, lock-out, sessions, and who owes a second factor."""
