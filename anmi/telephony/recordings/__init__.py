"""Recordings (录音): both tracks of every call, sealed, hashed, kept as long as they must be and no longer."""
