"""Jobs that hand messages to providers."""
