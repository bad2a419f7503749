"""The Slack app, its web pages, the local workspace and the command line, which show the answers of `briefings`."""
