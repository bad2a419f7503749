"""Readers of requests about people over time."""
