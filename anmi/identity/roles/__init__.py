"""What a role may do: the built-in roles and those an agency makes for itself."""
