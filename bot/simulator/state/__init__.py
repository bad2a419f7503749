"""In-memory workspace: channels, messages, views, clock, and validation against Slack's limits."""
