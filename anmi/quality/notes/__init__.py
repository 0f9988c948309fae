"""Notes (小结草稿): what a call leaves to be written down, read from what was heard of it, finished or not."""
