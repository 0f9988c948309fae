"""What the creditor pays us for what came in."""
