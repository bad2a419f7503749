"""Keys: parsing, ids, and keys derived for one purpose."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.encryption.key_settings import parse_key_settings
from bot.core.encryption.keys import KeyRing, derive_key, format_key, parse_keys
from bot.core.log_sink.redaction import Redaction
from bot.core.settings import load
from briefings import BadSettings

#: in base64, the second one has characters that the two alphabets write differently
KEY, OTHER = bytes(range(32)), bytes(range(224, 256))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=4, unique=True))
def test_written_keys_are_read_again(keys: list[bytes]) -> None:
    for separator in (",", "\n", ", ", " "):
        assert parse_keys(separator.join(map(format_key, keys)), "X") == KeyRing(tuple(keys))


def test_both_alphabets_of_base64_are_read() -> None:
    key = b"\xfb\xff" * 16
    for text in (base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()):
        assert parse_keys(text, "X") == KeyRing((key,))


@pytest.mark.parametrize(
    "text",
    ["x", "a" * 43, format_key(KEY)[:-1], format_key(KEY) + "=", format_key(KEY[:16]), format_key(KEY * 2), "é" * 44],
)
def test_an_invalid_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadSettings) as error:
        parse_key_settings({"ENCRYPTION_KEYS": f"{format_key(OTHER)},{text}"})
    assert str(error.value) == "ENCRYPTION_KEYS has an invalid key. Make one with: ontherecord keys new"


def test_a_repeated_key_is_refused() -> None:
    with pytest.raises(BadSettings, match="twice"):
        parse_keys(f"{format_key(KEY)} {format_key(KEY)}", "ENCRYPTION_KEYS")


@pytest.mark.parametrize("text", ["", " ", ",", "\n"])
def test_no_key_is_none(text: str) -> None:
    assert parse_keys(text, "X") is None


def test_derivation_is_hkdf() -> None:
    """The value is that of an independent implementation: HKDF with SHA-256, no salt, 32 bytes."""
    hkdf = pytest.importorskip("cryptography.hazmat.primitives.kdf.hkdf", reason="cryptography is an extra")
    from cryptography.hazmat.primitives.hashes import SHA256

    assert derive_key(KEY, "backup") == hkdf.HKDF(SHA256(), 32, None, b"backup").derive(KEY)
    assert derive_key(KEY, "backup") != derive_key(KEY, "tokens") != derive_key(OTHER, "tokens")


def test_a_derived_key_is_found_by_the_id_of_its_key() -> None:
    ring = KeyRing((KEY, OTHER))
    assert ring.find_derived(ring.ids[1], "tokens") == derive_key(OTHER, "tokens")
    assert ring.find_derived("00000000", "tokens") is None
    assert ring.derive("tokens") == (derive_key(KEY, "tokens"), derive_key(OTHER, "tokens"))


def test_keys_are_redacted_and_never_shown() -> None:
    settings = load(None, {"ENCRYPTION_KEYS": f"{format_key(KEY)},{format_key(OTHER)}"})
    redaction = Redaction(settings.secrets)
    for key in (KEY, OTHER):
        text = format_key(key)
        spellings = (text, text.rstrip("="), text.replace("-", "+").replace("_", "/"))
        assert not [spelling for spelling in spellings if spelling[:-1] in redaction.redact(f"the key {spelling}")]
    assert format_key(KEY) not in repr(settings)
    assert repr(KEY) not in repr(settings)
