"""Slack's side: messages, requests and permissions."""
