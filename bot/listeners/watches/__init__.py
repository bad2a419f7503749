"""Listeners for watches: the command, plain words, buttons and menus, and the form."""
