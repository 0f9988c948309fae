"""The organisation of an agency as a tree; a person belongs to one unit and rights reach along its branches."""
