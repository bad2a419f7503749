"""Shell completion of commands, options, topics, people and outlets."""
