"""Building blocks of Slack messages. Pure: values of `briefings.model` in, blocks out."""
