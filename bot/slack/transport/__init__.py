"""Verifies, deduplicates and rate-limits Slack's requests, and posts messages."""
