"""What comes off the queue and the clock. A job takes one id, opens its own session, and may run twice."""
