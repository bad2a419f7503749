"""Detects the type, compression and encoding of content."""
