"""Commands for keys and the audit log, and the entries that commands leave in it."""
