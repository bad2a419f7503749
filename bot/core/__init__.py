"""Foundations of the bot: settings, logs, metrics, Slack limits and HTTP helpers."""
