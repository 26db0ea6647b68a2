"""The network's own software, as far as Dibs sees it: something that takes webhooks."""
