""" "Not your number": another phone for an offer, proven by a code."""
