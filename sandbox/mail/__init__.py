"""An inbox, and mail that comes back."""
