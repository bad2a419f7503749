"""Stores what waits for an admin."""
