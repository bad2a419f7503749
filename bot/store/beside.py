"""What a backup of the record takes along of the bot's tables.

Rule: what people told the bot and what it must answer for is kept. No backup holds a token, and what was handled or
asked a moment ago means nothing in another place or time.
"""

from bot.store.revision import bring_to_head, current
from bot.store.schema import METADATA, asked, bots, handled, installations, oauth_states
from briefings.record.beside import Beside

BESIDE = Beside(METADATA, (handled, asked, bots, installations, oauth_states), current, bring_to_head)
