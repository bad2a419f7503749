"""The records of the workspaces, as the commands choose and describe them."""
