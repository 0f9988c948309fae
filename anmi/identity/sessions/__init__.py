"""Coming in and going out: password, second factor, sessions, and who a request comes from."""
