"""The queue: what may be put on it, and what goes there after a commit."""
