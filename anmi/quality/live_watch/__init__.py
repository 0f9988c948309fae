"""The live watch (实时质检): what is said on a call while it lasts, held against the rules as it is said."""
