"""Keys for machines that call the API, scoped and revocable."""
