"""The process: wiring, HTTP server, health checks, pollers and diagnostics."""
