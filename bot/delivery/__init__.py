"""What every exactly-once delivery needs: Slack's errors, the channel's history, and notices to owners."""
