"""Slack's limits. Lengths are in characters. The source is Slack's reference of blocks or messages, unless noted.

Rule: everything the bot sends stays within these limits, and says what it leaves out. The local workspace enforces the
same limits.
"""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
#: text in all blocks of one message; undocumented: Slack answered `msg_blocks_too_long` from about this length
REFUSED_MESSAGE_BLOCK_TEXT = 13_200
#: limit that the bot keeps to, with a margin because the number above is not guaranteed
MESSAGE_BLOCK_TEXT = 12_000
#: text object in a section or a context
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
#: URL of a button, or request URL of the app
ADDRESS = 3000
ALT_TEXT = 2000
PLACEHOLDER = 150
INPUT_LABEL = 2000
#: title of a modal, and labels of its two buttons
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
#: number of modals on top of each other
MODALS = 3
#: number of prompts that the Assistant suggests at once, and our own limit for one (Slack documents none)
PROMPTS, PROMPT_TEXT = 4, 75
#: length at which Slack truncates a message's `text`
TEXT = 40_000
#: number of messages in one response of conversations.history
HISTORY_MESSAGES = 999
#: recommended length of `text`
ADVISED_TEXT = 4000

#: seconds within which a command, an action or a shortcut must be acknowledged
ACK_SECONDS = 3
#: seconds between two posts of the bot in one channel
POST_SECONDS = 1.0
#: seconds within which a trigger_id can open its one modal
TRIGGER_SECONDS = 3
#: how often a response_url can be used, and for how many seconds
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
#: seconds by which the time of a signed request can differ from ours, in either direction
SIGNATURE_SECONDS = 5 * 60
#: seconds for which handled requests are stored; Slack's last retry of an event comes after six minutes
DEDUPLICATION_SECONDS = 10 * 60
#: maximum bytes of a request body, far above the largest command that Slack has sent
REQUEST_BYTES = 1024 * 1024

# App manifest (source: Slack's manifest reference)
MANIFEST_NAME = 35
MANIFEST_DESCRIPTION = 140
MANIFEST_LONG_DESCRIPTION = (174, 4000)
MANIFEST_BOT_NAME = 80
MANIFEST_AGENT_DESCRIPTION = 300
MANIFEST_COMMANDS = 50
#: number of message shortcuts; name and description of a shortcut as accepted by Slack's app settings
MANIFEST_SHORTCUTS = 10
SHORTCUT_NAME = 24
SHORTCUT_DESCRIPTION = 150
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 2000
COMMAND_USAGE_HINT = 1000
