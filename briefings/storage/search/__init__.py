"""Full-text, fuzzy and people queries."""
