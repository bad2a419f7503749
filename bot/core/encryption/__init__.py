"""The keys of stored tokens, the audit log and backups: their settings, their file, and keys derived from them."""
