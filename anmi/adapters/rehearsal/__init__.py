"""The rehearsal: a telephone network of invented debtors, on a second Asterisk or without any."""
