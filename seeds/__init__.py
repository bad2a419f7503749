"""The four seed articles, byte for byte as they came, carried in the wheel so that a first try needs no network.

`sources.toml` says what is known of each file; `topics.toml` names the stories a team asks about.
"""
