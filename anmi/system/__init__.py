"""The engine room: background jobs and housekeeping, for those who keep the product running."""
