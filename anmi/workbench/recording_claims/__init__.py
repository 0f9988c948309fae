"""Claims on recordings: what a case says of how long the recordings of its calls are kept."""
