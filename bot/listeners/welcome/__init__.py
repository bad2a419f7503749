"""Welcomes a workspace and its channels, and opens the forms behind the buttons for newcomers."""
