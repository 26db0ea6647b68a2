"""The carrier: calls, texts, TwiML, signatures."""
