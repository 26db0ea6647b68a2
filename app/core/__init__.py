"""The ground: clock, ids, signed tokens, queue, locks, logs, errors. Knows nothing of the product."""
