"""Stand-ins written by hand: Slack, a news site, a briefing service, and worker processes."""
