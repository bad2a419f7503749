"""Topics in Slack: the command, the list with its menus, the form, and suggested topics."""
