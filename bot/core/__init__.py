"""Foundations of the bot: settings, logs, metrics, Slack's limits and HTTP helpers."""
