"""Who may do what: agencies, people, sessions, rights and the log that remembers it all."""
