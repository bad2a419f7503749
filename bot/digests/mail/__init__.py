"""Digests by e-mail: addresses that confirmed, frozen mails, and their delivery at most once."""
