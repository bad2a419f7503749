"""The simulated workspace in memory: messages, clock and payload validation."""
