"""Create the tables of a database, or migrate them to the newest revision."""
