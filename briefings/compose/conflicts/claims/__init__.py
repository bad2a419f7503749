"""What one source claims and another denies."""
