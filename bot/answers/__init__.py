"""From a query to a message: executor, answer cache and answer service."""
