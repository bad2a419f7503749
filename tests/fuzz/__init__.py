"""Reads damaged files of every kind: `make fuzz`."""
