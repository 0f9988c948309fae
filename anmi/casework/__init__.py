"""The case wing: from a creditor's placement to the settled or returned case. It has never heard of a channel."""
