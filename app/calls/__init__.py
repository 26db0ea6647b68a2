"""Reaching an agent by phone: attempts, their states, and the bridge to the client."""
