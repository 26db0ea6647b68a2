"""Twilio, SMTP and web push: the only code that knows them. One typed request, one network call."""
