"""What a page states about its article: its objects, tags, headline, authors and day."""
