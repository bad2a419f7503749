"""The grammar of typed questions: tokens, the parts that narrow a search, and their reading."""
