"""Names, ids and results of files, for the readers of files, folders and archives."""
