"""The referral and its client: who needs what, and where."""
