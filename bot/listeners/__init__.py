"""Bolt listeners: parse the request, get an answer and pass it on for delivery."""
