"""Golden tests: everything users see, compared with the stored answers."""
