"""The local workspace: stands in for Slack on loopback, so that the bot can be tried without an account.

Rule: the bot is spoken to as Slack speaks to it and in no other way; nothing here imports the bot or the news.
"""
