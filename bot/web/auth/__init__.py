"""Who may open a page: signed links, sessions, Sign in with Slack and throttling."""
