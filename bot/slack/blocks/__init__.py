"""Answers as Slack shows them. Pure: values of `briefings.model` in, messages out."""
