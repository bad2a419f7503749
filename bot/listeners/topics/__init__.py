"""Bolt listeners for topics: the command, buttons and menus, the form, and plain words."""
