"""The claim page: one offer, opened by its signed link."""
