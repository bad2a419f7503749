"""Opens the paths that users name."""
