"""The command `init`: ask for the values that connect the bot to Slack, and save them in `.env`."""
