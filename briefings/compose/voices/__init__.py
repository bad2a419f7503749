"""Passages of direct speech: which can be shown, and how much each matters to the story."""
