"""The record of articles that a request reads: one for all workspaces, or one for each of them."""
