"""The commands `keys new` and `keys rotate`."""

import secrets
from argparse import Namespace

from bot.cli import resources
from bot.cli.queries import format_count
from bot.core.encryption.key_file import create_key_file, find_key_file
from bot.core.encryption.keys import KEY_BYTES, format_key
from briefings import BadSettings


def print_new_key(arguments: Namespace) -> int:
    """Print a new key, or write it into the key file."""
    if not arguments.file:
        print(format_key(secrets.token_bytes(KEY_BYTES)))
        return 0
    settings = resources.load_settings()
    file = find_key_file(settings.encryption, settings.database_url)
    if file is None:
        raise BadSettings("This database has no place for a key file. Set KEY_FILE, or set ENCRYPTION_KEYS.")
    if not create_key_file(file):
        raise BadSettings(f"The key file {file} exists. To change keys, add a new one as its first line.")
    print(f"Created {file}. Keep it safe, and out of backups.")
    if settings.encryption.keys:
        print("ENCRYPTION_KEYS is set too, and is used instead of the file.")
    return 0


def rotate(arguments: Namespace) -> int:
    """Encrypt the stored tokens with the first key. It can be repeated after an interruption."""
    from bot.storage.protection.token_cipher import TokenCipher
    from bot.storage.protection.token_rotation import encrypt_stored_tokens, forget_lost_tokens

    with resources.open_operator_store(resources.load_settings()) as store:
        if store.keys is None:
            raise BadSettings("Create a key first. Run: ontherecord keys new")
        cipher = TokenCipher(store.keys)
        if arguments.forget_lost:
            lost_count = forget_lost_tokens(store.database, cipher)
            print(f"Deleted {format_count(lost_count, 'stored installation')} that can't be decrypted.")
        row_count = encrypt_stored_tokens(store.database, cipher)
    print(f"Encrypted {format_count(row_count, 'stored installation')} with the key {store.keys.ids[0]}.")
    if len(store.keys.ids) > 1:
        print("Older keys are still needed to check older entries of the audit log.")
    return 0
