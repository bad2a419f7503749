"""Delivery of digests: claims due runs, posts each at most once, and stores the outcome."""
