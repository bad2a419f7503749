"""Access to the pages: signed links, sessions, Sign in with Slack, and throttling."""
