"""Parsers of what people type: commands, filters, dates, plain language and time zones."""
