"""Local workspace: a stand-in for Slack on loopback, to try the bot without a Slack account.

Rule: the workspace talks to the bot only over HTTP, like Slack. Apart from `bot.core`, only `mount` and `pages` import
other parts of the bot: `mount` puts both on one server, and `pages` reads the digests.
"""
