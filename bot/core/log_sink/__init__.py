"""The parts of the log's one sink: redaction, bounds, repeats, and the hooks that lead every logger to it."""
