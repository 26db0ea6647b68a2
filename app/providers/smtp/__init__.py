"""Mail through one SMTP server."""
