"""Notice damaged rows: checksums, column types that survive damage, and reports of what was left out."""
