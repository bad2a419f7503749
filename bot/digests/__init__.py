"""Digests: what is new on a topic, in a channel, at its minute, once.

Rule: `model` says what a digest is, `schedule` and `words` when it is due; `runner` sends what is due and `source` says
what there is to tell. When is local time in an IANA zone; every moment that is kept is UTC.
"""
