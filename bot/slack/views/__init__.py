"""Block Kit for each kind of answer."""
