"""Compose what one person says on a subject over time, and what two people say on it."""
