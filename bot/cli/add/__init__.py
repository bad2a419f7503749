"""The command `add`: read files, folders, standard input or URLs, and report what became of each."""
