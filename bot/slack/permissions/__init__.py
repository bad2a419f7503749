"""Decides whether someone in Slack may do something: who asks and from where, what Slack knows, and the decision."""
