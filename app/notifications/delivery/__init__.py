"""From a queued row to a provider's request, and what receipts say of it."""
