"""The bot's tables at the newest revision. `bot/storage/migrations` brings older databases to it.

Rule: only plain types that SQLite and PostgreSQL share. A team is a workspace id (T…), or an organisation id (E…) if
all of the organisation installed the bot. Seconds are since 1970.
"""

from bot.storage.schema.digests import (
    digest_channels,
    digest_history,
    digest_mail_recipients,
    digest_mails,
    digest_notices,
    digest_runs,
    digests,
    mail_sends,
)
from bot.storage.schema.metadata import HEAD, METADATA, VERSION_TABLE
from bot.storage.schema.watches import (
    watch_changes,
    watch_channels,
    watch_matches,
    watch_notices,
    watches,
)
from bot.storage.schema.workspaces import (
    audit,
    audit_head,
    bots,
    feedback,
    greetings,
    handled_requests,
    installations,
    mutes,
    oauth_states,
    rate_limits,
    shares,
    waiting_links,
    workspace_topic_versions,
    workspace_topics,
)

__all__ = [
    "HEAD",
    "METADATA",
    "VERSION_TABLE",
    "audit",
    "audit_head",
    "bots",
    "digest_channels",
    "digest_history",
    "digest_mail_recipients",
    "digest_mails",
    "digest_notices",
    "digest_runs",
    "digests",
    "feedback",
    "greetings",
    "handled_requests",
    "installations",
    "mail_sends",
    "mutes",
    "oauth_states",
    "rate_limits",
    "shares",
    "waiting_links",
    "watch_changes",
    "watch_channels",
    "watch_matches",
    "watch_notices",
    "watches",
    "workspace_topic_versions",
    "workspace_topics",
]
