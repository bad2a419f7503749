"""Signed tokens: accepted only unchanged, for their purpose and during their lifetime."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.signing import MAX_CLOCK_SKEW, MAX_LENGTH, ExpiredToken, InvalidToken, TokenSigner
from tests.support.clock import Clock

SECRETS = ("the newest secret of all", "an older one of the bot's")
ANY_CHARACTERS = "".join(map(chr, range(33, 127))) + "é…\x00 \u2060"


def make_signer(purpose: str = "link", seconds: int = 3600, clock: Clock | None = None, *secrets: str) -> TokenSigner:
    return TokenSigner(secrets or SECRETS, purpose, seconds, clock or Clock())


TOKEN = make_signer().sign({"team": "T1"})


@given(st.dictionaries(st.text(max_size=20).filter(lambda key: key != "at"), st.text(max_size=200), max_size=5))
def test_signed_payload_is_returned(payload: dict[str, str]) -> None:
    assert make_signer().verify(make_signer().sign(payload)) == payload


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from(ANY_CHARACTERS))
def test_changed_character_is_refused(position: int, character: str) -> None:
    """Even a change in the unused bits of the signature's last character, which base64 ignores."""
    changed_token = TOKEN[:position] + character + TOKEN[position + 1 :]
    if changed_token != TOKEN:
        with pytest.raises(InvalidToken):
            make_signer().verify(changed_token)


@given(st.integers(0, len(TOKEN)), st.text(ANY_CHARACTERS, min_size=1, max_size=4))
def test_added_text_is_refused(position: int, addition: str) -> None:
    with pytest.raises(InvalidToken):
        make_signer().verify(TOKEN[:position] + addition + TOKEN[position:])


@given(st.integers(0, len(TOKEN) - 1))
def test_truncated_token_is_refused(length: int) -> None:
    with pytest.raises(InvalidToken):
        make_signer().verify(TOKEN[:length])


@given(st.text(max_size=300))
def test_arbitrary_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        make_signer().verify(text)


def test_overlong_token_is_refused() -> None:
    with pytest.raises(InvalidToken):
        make_signer().verify(make_signer().sign({"to": "".join(map(str, range(MAX_LENGTH)))}))


def test_token_for_another_purpose_is_refused() -> None:
    with pytest.raises(InvalidToken):
        make_signer("session").verify(TOKEN)


@pytest.mark.parametrize(
    ("elapsed", "is_valid"), [(-MAX_CLOCK_SKEW, True), (-MAX_CLOCK_SKEW - 1, False), (3600, True), (3601, False)]
)
def test_token_is_valid_during_its_lifetime_and_small_clock_skew(elapsed: int, *, is_valid: bool) -> None:
    clock = Clock()
    signer = make_signer(clock=clock)
    token = signer.sign({"team": "T1"})
    clock.advance(elapsed)
    if is_valid:
        assert signer.verify(token) == {"team": "T1"}
    else:
        with pytest.raises(ExpiredToken):
            signer.verify(token)


def test_old_secret_verifies_as_long_as_it_is_listed() -> None:
    """Only the first secret signs; all listed ones verify."""
    newest, older = SECRETS
    assert make_signer("link", 3600, None, newest, older).verify(make_signer("link", 3600, None, older).sign({})) == {}
    assert make_signer("link", 3600, None, newest).verify(make_signer().sign({})) == {}
    with pytest.raises(InvalidToken):
        make_signer("link", 3600, None, newest).verify(make_signer("link", 3600, None, older).sign({}))
    with pytest.raises(ValueError, match="secrets is empty"):
        TokenSigner((), "link", 3600, Clock())


def test_equal_payloads_give_equal_tokens_within_a_rounding_step() -> None:
    """So that a cached answer can be reused."""
    clock = Clock(7200.0)
    signer = make_signer(clock=clock)
    first = signer.sign({"team": "T1"}, 3600)
    clock.advance(3599)
    assert signer.sign({"team": "T1"}, 3600) == first
    clock.advance(1)
    assert signer.sign({"team": "T1"}, 3600) != first
