"""Slack's limits, by name. Where a line gives no other source, the platform's reference for blocks or messages says it.

Rule: whatever the bot sends stays within these, and what does not fit is said; the local workspace refuses by the same
numbers. Lengths are characters.
"""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
#: undocumented: `msg_blocks_too_long` was seen near this many characters of text in all blocks of one message
REFUSED_MESSAGE_BLOCK_TEXT = 13_200
#: what the bot stays within, because nobody promises the number above
MESSAGE_BLOCK_TEXT = 12_000
#: a text object in a section or a context
SECTION_TEXT = 3000
FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
ACCESSIBILITY_LABEL = 75
OPTIONS = 100
OVERFLOW_OPTIONS = 5
OPTION_TEXT = 75
OPTION_VALUE = 150
#: action_id, block_id, callback_id
ID = 255
#: an address: a button's, a request URL
ADDRESS = 3000
ALT_TEXT = 2000
PLACEHOLDER = 150
INPUT_LABEL = 2000
#: a modal's title and the labels of its two buttons
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
#: modals on top of each other
MODALS = 3
#: prompts that the Assistant suggests at once; characters of one, which is ours: Slack names no limit
PROMPTS, PROMPT_TEXT = 4, 75
#: a message's `text` is cut there
TEXT = 40_000
#: messages in one answer of conversations.history
HISTORY_MESSAGES = 999
#: advised for `text`
ADVISED_TEXT = 4000

#: seconds in which a command, an action or a shortcut must be acknowledged
ACK_SECONDS = 3
#: seconds between two messages that the bot posts in one channel
POST_SECONDS = 1.0
#: seconds in which a trigger_id opens its one modal
TRIGGER_SECONDS = 3
#: how often one response_url may be used, and for how many seconds
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
#: seconds by which a signed request's time may differ from ours, either way
SIGNATURE_SECONDS = 5 * 60
#: seconds for which a handled request is remembered: Slack's last retry of an event comes after six minutes
DEDUPLICATION_SECONDS = 10 * 60
#: bytes of one request's body that are read; the largest command Slack was seen to send is far below
REQUEST_BYTES = 1024 * 1024

# App manifest (the platform's manifest reference)
MANIFEST_NAME = 35
MANIFEST_DESCRIPTION = 140
MANIFEST_LONG_DESCRIPTION = (174, 4000)
MANIFEST_BOT_NAME = 80
MANIFEST_COMMANDS = 50
#: message shortcuts among them; a shortcut's name and description, as the pages to configure an app take them
MANIFEST_SHORTCUTS = 10
SHORTCUT_NAME = 24
SHORTCUT_DESCRIPTION = 150
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 2000
COMMAND_USAGE_HINT = 1000
