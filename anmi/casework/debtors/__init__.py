"""The people who owe and those around them: sealed identities, numbers and addresses with their lawful source."""
