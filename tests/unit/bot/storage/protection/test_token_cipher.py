"""Encrypted tokens: bound to their place, and refused if anything about them is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.encryption.keys import KeyRing
from bot.storage.protection.token_cipher import TokenCipher, UndecryptableToken, get_value_key
from tests.support.keys import KEYS, OTHER_KEYS

PLACE = ("E1", "T1", "bot_token")
TOKEN = "xoxb-invented-1"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=500), st.lists(st.text("AT01", max_size=5)))
def test_a_token_is_read_as_it_was_written(token: str, place: list[str]) -> None:
    cipher = TokenCipher(KEYS)
    value = cipher.encrypt(token, place)
    assert cipher.decrypt(value, place) == token
    assert cipher.encrypt(token, place) != value
    assert not token or len(token) < 4 or token not in value


@pytest.mark.parametrize(
    "place", [("E1", "T2", "bot_token"), ("E2", "T1", "bot_token"), ("E1", "T1", "user_token"), ("", "E1T1", ""), ()]
)
def test_a_token_in_another_place_is_refused(place: tuple[str, ...]) -> None:
    cipher = TokenCipher(KEYS)
    with pytest.raises(UndecryptableToken, match="moved here from another workspace"):
        cipher.decrypt(cipher.encrypt(TOKEN, PLACE), place)


def test_a_missing_key_is_named() -> None:
    value = TokenCipher(OTHER_KEYS).encrypt(TOKEN, PLACE)
    assert get_value_key(value) == OTHER_KEYS.ids[0]
    with pytest.raises(UndecryptableToken, match=f"needs the key {OTHER_KEYS.ids[0]}, which is missing"):
        TokenCipher(KEYS).decrypt(value, PLACE)


def test_every_key_decrypts_and_the_first_encrypts() -> None:
    old_value = TokenCipher(OTHER_KEYS).encrypt(TOKEN, PLACE)
    cipher = TokenCipher(KeyRing((*KEYS.keys, *OTHER_KEYS.keys)))
    assert cipher.decrypt(old_value, PLACE) == TOKEN
    assert not cipher.is_current(old_value)
    assert cipher.is_current(cipher.encrypt(TOKEN, PLACE))


def test_any_changed_character_is_refused() -> None:
    cipher = TokenCipher(KEYS)
    value = cipher.encrypt("x" * 14, PLACE)  # a length that leaves no unused bits in base64
    for position in range(len(value)):
        changed = value[:position] + ("B" if value[position] == "A" else "A") + value[position + 1 :]
        with pytest.raises(UndecryptableToken):
            cipher.decrypt(changed, PLACE)
    for length in range(len(value)):
        with pytest.raises(UndecryptableToken):
            cipher.decrypt(value[:length], PLACE)


@pytest.mark.parametrize("value", [TOKEN, "", "e1.", "e1..", "e1.00000000.AAAA", "e2.x.y", "e1.é.é", "x" * 10_000])
def test_what_is_not_encrypted_is_refused_in_one_line(value: str) -> None:
    with pytest.raises(UndecryptableToken) as error:
        TokenCipher(KEYS).decrypt(value, PLACE)
    assert "\n" not in str(error.value)
    assert TOKEN not in str(error.value)
