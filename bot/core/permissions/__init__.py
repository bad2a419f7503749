"""Who may do what: the actions, the table of their rules, the doors to them, and the people in ADMINS. Pure."""
