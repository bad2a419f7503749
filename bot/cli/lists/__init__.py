"""The commands `topics` and `people`, which list what is in the database."""
