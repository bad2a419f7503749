"""Where sources differ: figures, days, agents and wordings."""
