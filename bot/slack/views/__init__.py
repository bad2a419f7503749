"""Renders each kind of answer as Block Kit."""
