"""Appeals (申诉): an agent speaks up against what was found, and somebody else looks again."""
