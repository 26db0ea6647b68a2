"""Calls: legs, a TwiML interpreter, speech."""
