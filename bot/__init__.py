"""The Slack app, the local workspace and the terminal: everything that shows people what `briefings.desk` answers."""
