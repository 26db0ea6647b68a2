"""What holds of every request: headers, sessions, errors, static files, filters, health."""
