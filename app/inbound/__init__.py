"""Somebody calls our number or texts it."""
