"""The command `export`: answers as files for other programs."""
