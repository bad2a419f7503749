"""Commands about sources: feeds, and backfills from archives."""
