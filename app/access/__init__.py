"""Who gets in: sign-in links, API keys, idempotency."""
