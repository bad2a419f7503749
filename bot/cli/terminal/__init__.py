"""What people expect of a terminal: colour and pages only where they belong, tables, limits, and help with slips."""
