"""The bot's process: wiring, HTTP server, health checks, feed poller, manifest and diagnostics."""
