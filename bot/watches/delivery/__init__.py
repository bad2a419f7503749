"""Delivery of watches: matches what has arrived, gathers it, and posts each message exactly once."""
