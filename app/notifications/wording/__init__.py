"""The words of a message, from templates and plain values."""
