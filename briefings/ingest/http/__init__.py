"""Polite, safe HTTP fetching."""
