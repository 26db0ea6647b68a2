"""Jobs that talk to the carrier about calls."""
