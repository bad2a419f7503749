"""URLs of the bot's own pages, and how links to them are signed."""
