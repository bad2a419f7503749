"""Find the target of a page that only redirects."""


def find_refresh_target(markup: str) -> str | None:
    """Return the target of a page that only refreshes to another address, or None."""
    del markup
    return None
