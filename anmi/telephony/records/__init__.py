"""Call records (话单): what calls were made, by whom, how each went, and its journal told in words."""
