"""Bolt listeners: parse the request, ask for an answer, hand it to delivery."""
