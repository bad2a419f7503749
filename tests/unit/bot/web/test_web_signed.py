"""What we signed: taken as it was given out, for its purpose, for its time; nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.signed import LONGEST, SKEW, Expired, Forged, Signed
from tests.clock import Clock

SECRETS = ("the newest secret of all", "an older one of the bot's")
ANY = "".join(map(chr, range(33, 127))) + "é…\x00 \u2060"


def signed(purpose: str = "link", seconds: int = 3600, clock: Clock | None = None, *secrets: str) -> Signed:
    return Signed(secrets or SECRETS, purpose, seconds, clock or Clock())


WRITTEN = signed().written({"team": "T1"})


@given(st.dictionaries(st.text(max_size=20).filter(lambda key: key != "at"), st.text(max_size=200), max_size=5))
def test_what_was_written_is_read(value: dict[str, str]) -> None:
    assert signed().read(signed().written(value)) == value


@given(st.integers(0, len(WRITTEN) - 1), st.sampled_from(ANY))
def test_any_character_that_is_changed_is_refused(place: int, character: str) -> None:
    """The unused bits of the signature's last character included, which base64 reads over."""
    changed = WRITTEN[:place] + character + WRITTEN[place + 1 :]
    if changed != WRITTEN:
        with pytest.raises(Forged):
            signed().read(changed)


@given(st.integers(0, len(WRITTEN)), st.text(ANY, min_size=1, max_size=4))
def test_any_character_that_is_added_is_refused(place: int, added: str) -> None:
    with pytest.raises(Forged):
        signed().read(WRITTEN[:place] + added + WRITTEN[place:])


@given(st.integers(0, len(WRITTEN) - 1))
def test_any_that_is_cut_is_refused(place: int) -> None:
    with pytest.raises(Forged):
        signed().read(WRITTEN[:place])


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused(text: str) -> None:
    with pytest.raises(Forged):
        signed().read(text)


def test_what_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(Forged):
        signed().read(signed().written({"to": "".join(map(str, range(LONGEST)))}))


def test_a_value_is_good_for_its_purpose_alone() -> None:
    with pytest.raises(Forged):
        signed("session").read(WRITTEN)


@pytest.mark.parametrize(("later", "good"), [(-SKEW, True), (-SKEW - 1, False), (3600, True), (3601, False)])
def test_a_value_is_good_for_its_time_and_for_clocks_that_differ_a_little(later: int, *, good: bool) -> None:
    clock = Clock()
    read = signed(clock=clock)
    written = read.written({"team": "T1"})
    clock.move(later)
    if good:
        assert read.read(written) == {"team": "T1"}
    else:
        with pytest.raises(Expired):
            read.read(written)


def test_secrets_are_renewed_one_after_the_other() -> None:
    """An older one is taken while it is listed; the first signs."""
    newest, older = SECRETS
    assert signed("link", 3600, None, newest, older).read(signed("link", 3600, None, older).written({})) == {}
    assert signed("link", 3600, None, newest).read(signed().written({})) == {}
    with pytest.raises(Forged):
        signed("link", 3600, None, newest).read(signed("link", 3600, None, older).written({}))
    with pytest.raises(ValueError, match="nothing to sign with"):
        Signed((), "link", 3600, Clock())


def test_within_a_step_the_same_gives_the_same() -> None:
    """So that an answer that was composed a moment ago can be given again."""
    clock = Clock(7200.0)
    read = signed(clock=clock)
    first = read.written({"team": "T1"}, 3600)
    clock.move(3599)
    assert read.written({"team": "T1"}, 3600) == first
    clock.move(1)
    assert read.written({"team": "T1"}, 3600) != first
