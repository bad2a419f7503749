"""Questions about people over time in a terminal."""
