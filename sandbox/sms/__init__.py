"""Texts: segments, and those that phones send."""
