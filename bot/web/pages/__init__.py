"""One request handler per page."""
