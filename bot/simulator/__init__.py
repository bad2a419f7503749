"""The local workspace: stands in for Slack on loopback, so that the bot can be tried without an account.

Rule: the bot is spoken to as Slack speaks to it and in no other way. Nothing here imports the bot or the news, but for
`mount`, which puts the two on one server, and for the numbers in `bot.limits`, which are Slack's.
"""
