"""Listens for what mutes and unmutes sources: commands, buttons, and requests in plain words."""
