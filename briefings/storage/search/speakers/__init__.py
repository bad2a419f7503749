"""Search for the people who are quoted: their names, roles, namesakes and counts."""
