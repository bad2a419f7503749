"""Build of the documentation site: the parts of pages that are generated from the code, and the hooks of MkDocs."""
