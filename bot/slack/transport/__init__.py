"""Requests from Slack and posts to it: verify, deduplicate, rate-limit, send."""
