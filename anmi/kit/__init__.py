"""Technical ground for every room: it knows PostgreSQL and HTTP, and has never heard of a debt or a call."""
