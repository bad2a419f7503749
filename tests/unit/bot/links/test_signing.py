"""What we signed: taken as it was given out, for its purpose, for its time; nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links.signing import MAX_CLOCK_SKEW, MAX_LENGTH, ExpiredToken, InvalidToken, TokenSigner
from tests.support.clock import Clock

SECRETS = ("the newest secret of all", "an older one of the bot's")
ANY = "".join(map(chr, range(33, 127))) + "é…\x00 \u2060"


def signed(purpose: str = "link", seconds: int = 3600, clock: Clock | None = None, *secrets: str) -> TokenSigner:
    return TokenSigner(secrets or SECRETS, purpose, seconds, clock or Clock())


WRITTEN = signed().sign({"team": "T1"})


@given(st.dictionaries(st.text(max_size=20).filter(lambda key: key != "at"), st.text(max_size=200), max_size=5))
def test_what_was_written_is_read(value: dict[str, str]) -> None:
    assert signed().verify(signed().sign(value)) == value


@given(st.integers(0, len(WRITTEN) - 1), st.sampled_from(ANY))
def test_any_character_that_is_changed_is_refused(place: int, character: str) -> None:
    """The unused bits of the signature's last character included, which base64 reads over."""
    changed = WRITTEN[:place] + character + WRITTEN[place + 1 :]
    if changed != WRITTEN:
        with pytest.raises(InvalidToken):
            signed().verify(changed)


@given(st.integers(0, len(WRITTEN)), st.text(ANY, min_size=1, max_size=4))
def test_any_character_that_is_added_is_refused(place: int, added: str) -> None:
    with pytest.raises(InvalidToken):
        signed().verify(WRITTEN[:place] + added + WRITTEN[place:])


@given(st.integers(0, len(WRITTEN) - 1))
def test_any_that_is_cut_is_refused(place: int) -> None:
    with pytest.raises(InvalidToken):
        signed().verify(WRITTEN[:place])


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        signed().verify(text)


def test_what_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(InvalidToken):
        signed().verify(signed().sign({"to": "".join(map(str, range(MAX_LENGTH)))}))


def test_a_value_is_good_for_its_purpose_alone() -> None:
    with pytest.raises(InvalidToken):
        signed("session").verify(WRITTEN)


@pytest.mark.parametrize(
    ("later", "good"), [(-MAX_CLOCK_SKEW, True), (-MAX_CLOCK_SKEW - 1, False), (3600, True), (3601, False)]
)
def test_a_value_is_good_for_its_time_and_for_clocks_that_differ_a_little(later: int, *, good: bool) -> None:
    clock = Clock()
    read = signed(clock=clock)
    written = read.sign({"team": "T1"})
    clock.move(later)
    if good:
        assert read.verify(written) == {"team": "T1"}
    else:
        with pytest.raises(ExpiredToken):
            read.verify(written)


def test_secrets_are_renewed_one_after_the_other() -> None:
    """An older one is taken while it is listed; the first signs."""
    newest, older = SECRETS
    assert signed("link", 3600, None, newest, older).verify(signed("link", 3600, None, older).sign({})) == {}
    assert signed("link", 3600, None, newest).verify(signed().sign({})) == {}
    with pytest.raises(InvalidToken):
        signed("link", 3600, None, newest).verify(signed("link", 3600, None, older).sign({}))
    with pytest.raises(ValueError, match="nothing to sign with"):
        TokenSigner((), "link", 3600, Clock())


def test_within_a_step_the_same_gives_the_same() -> None:
    """So that an answer that was composed a moment ago can be given again."""
    clock = Clock(7200.0)
    read = signed(clock=clock)
    first = read.sign({"team": "T1"}, 3600)
    clock.move(3599)
    assert read.sign({"team": "T1"}, 3600) == first
    clock.move(1)
    assert read.sign({"team": "T1"}, 3600) != first
