"""Workspace A tries every door of the bot against what belongs to workspace B. Nothing of B may show or change."""
