"""Where articles come from: hosts that admins confirm, and links that wait for them."""
