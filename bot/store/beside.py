"""What a backup of the record takes along of the bot's tables.

Rule: what people told the bot and what it must answer for is kept. No backup holds a token, and what was handled or
asked a moment ago means nothing in another place or time.
"""

from bot.store.revision import get_revision, migrate_to_head
from bot.store.schema import METADATA, bots, handled_requests, installations, oauth_states, rate_limits
from briefings.storage.maintenance.tables import ExternalTables

BOT_TABLES = ExternalTables(
    METADATA, (handled_requests, rate_limits, bots, installations, oauth_states), get_revision, migrate_to_head
)
