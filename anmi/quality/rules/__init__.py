"""The rule pack as files: read, checked and handed to the core as values; tested on its examples and on a corpus."""
