"""What the keys protect in the database: Slack's tokens, which are encrypted, and the audit log, which is sealed."""
