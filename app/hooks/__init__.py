"""What other systems post to us: the carrier's callbacks, and mail that came back."""
