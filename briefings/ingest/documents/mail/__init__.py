"""Reads mail: one message, or a mailbox of many."""
