"""The database: engine, schema, row mapping and full-text index."""
