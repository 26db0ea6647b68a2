"""Booked calls: a time at which agent and client are rung, and what both are told of it."""
