"""A push service and browsers that take its messages."""
