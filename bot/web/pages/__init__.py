"""Page handlers: index and search, article, story, and person."""
