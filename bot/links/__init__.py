"""URLs of the bot's own pages, and the keys that sign them."""
