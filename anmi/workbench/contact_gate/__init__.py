"""The gate in the dial path: decides and reserves each contact attempt, and keeps why."""
