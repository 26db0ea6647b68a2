"""Links that stand in messages and are no offer: unsubscribe, and "this arrived"."""
