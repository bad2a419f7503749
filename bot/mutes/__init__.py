"""Muted sources: what a channel does not want to read, and the commands that change it."""
