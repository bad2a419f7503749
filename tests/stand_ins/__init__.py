"""Hand-written stand-ins: Slack, a newsroom, a briefing service."""
