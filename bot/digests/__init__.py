"""Digests: scheduled posts with the latest on a topic, sent once to a channel.

Rule: schedules are in the local time of an IANA zone; every stored time is UTC.
"""
