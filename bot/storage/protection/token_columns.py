"""The columns that hold Slack's tokens, and the encryption of one row of them.

Rule: the context of a value is its organisation, its workspace and its column. It is the same in both tables, because
slack_sdk copies tokens from one to the other.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from bot.storage.protection.token_cipher import TokenCipher, UndecryptableToken, is_encrypted
from bot.storage.schema import bots, installations

#: the tables of slack_sdk with tokens
TOKEN_TABLES: tuple[Table, ...] = (bots, installations)
TOKEN_COLUMNS = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
#: gets a value and its context, and returns another value
Change = Callable[[str, Sequence[str]], str]


def change_tokens(row: Mapping[str, Any], change: Change) -> dict[str, str]:
    """Return the changed values of those token columns of a row that have one."""
    workspace = (row.get("enterprise_id") or "", row.get("team_id") or "")
    return {name: change(row[name], (*workspace, name)) for name in TOKEN_COLUMNS if row.get(name)}


def encrypt_again(row: Mapping[str, Any], cipher: TokenCipher) -> dict[str, str]:
    """Return the tokens of a row that are in clear or under an older key, encrypted with the newest key."""

    def encrypt(value: str, context: Sequence[str]) -> str:
        return cipher.encrypt(cipher.decrypt(value, context) if is_encrypted(value) else value, context)

    current_names = {name for name in TOKEN_COLUMNS if row.get(name) and cipher.is_current(row[name])}
    return change_tokens({name: value for name, value in row.items() if name not in current_names}, encrypt)


def can_decrypt(row: Mapping[str, Any], cipher: TokenCipher) -> bool:
    """Tell whether each encrypted token of a row can be decrypted."""
    try:
        change_tokens(row, lambda value, context: cipher.decrypt(value, context) if is_encrypted(value) else value)
    except UndecryptableToken:
        return False
    return True
