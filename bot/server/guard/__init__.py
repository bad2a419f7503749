"""Protects the HTTP server: limits of connections and bodies, the Host header, and the headers of every response."""
