"""Watches: messages in a channel as soon as an article arrives that matches a query."""
