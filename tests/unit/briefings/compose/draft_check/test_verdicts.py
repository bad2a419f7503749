"""The verdicts: each with its proof, none against a draft without it; and what holds of any quotation of the seeds."""

import re
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from briefings.compose import check_quotations, parse_quotations
from briefings.model import Article, CheckedQuote, Kind, Searched, Speaker, Verdict
from briefings.text import lexicon
from tests.support.articles import Read, article, read_articles, seeds_read

PAPER = article(
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    '"The members will decide this in the autumn," said John Doe. "They always did," he added.\n'
    "Nobody there had seen such a crowd before.\n"
    'Between two lamps hung "We want him to stay here for good" that day.',
    "a",
)
POST = article('"Like a lynch mob without the rope," Jane Roe told them.', "b", "The Post")


def checked(draft: str, read: Read | None = None) -> list[CheckedQuote]:
    held = read_articles(PAPER, POST) if read is None else read
    return list(check_quotations(draft, parse_quotations(draft), lambda _: held, Searched(2, 4)).quotes)


def verdict(draft: str) -> tuple[str, str | None]:
    (quote,) = checked(draft)
    return quote.verdict.value, quote.best.speaker.name if quote.best and quote.best.speaker else None


def test_words_that_stand_so_are_exact_and_the_other_wording_is_a_variant() -> None:
    (quote,) = checked("“It was like a lynch mob without a rope,” said Jane Roe.")
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    assert (quote.best.article, quote.best.outlets) == ("a", 2)
    assert [variant.article for variant in quote.best.variants] == ["b"]


def test_a_quotation_that_nobody_is_named_for_is_judged_on_its_words() -> None:
    assert verdict("One heard: “The members will decide this.”") == ("exact", "John Doe")


def test_words_in_the_wrong_mouth_are_misattributed() -> None:
    assert verdict("“The members will decide this,” said Jane Roe.") == ("misattributed", "John Doe")


def test_words_that_the_paper_gives_to_nobody_are_exact_with_a_note() -> None:
    nobody = [
        (a, tuple(replace(quote, speaker=None, confidence=0.0) for quote in quotes))
        for a, quotes in read_articles(PAPER)
    ]
    (quote,) = checked("“We want him to stay here,” said Jane Roe.", nobody)
    assert (quote.verdict, quote.note) == (Verdict.EXACT, "The article does not say whose words these are.")


def test_a_record_that_is_not_sure_accuses_nobody() -> None:
    unsure = [(a, tuple(replace(quote, confidence=0.5) for quote in quotes)) for a, quotes in read_articles(PAPER)]
    (quote,) = checked("“The members will decide this,” said Jane Roe.", unsure)
    assert quote.verdict is Verdict.EXACT
    assert quote.note == "The record has John Doe for the speaker, but is not sure."


def test_an_interrupted_speech_is_one() -> None:
    (quote,) = checked("“The members will decide this in the autumn. They always did,” said John Doe.")
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    assert quote.best.quote.startswith("The members")
    assert quote.best.quote.endswith("did")


def test_the_papers_own_words_are_shown_as_a_sentence_that_nobody_speaks() -> None:
    (quote,) = checked("“Nobody there had seen such a crowd,” said John Doe.")
    assert quote.verdict is Verdict.NARRATION
    assert quote.best is not None
    assert (quote.best.speaker, quote.best.quote) == (None, "Nobody there had seen such a crowd before.")


def test_other_words_for_the_same_are_told_apart() -> None:
    (quote,) = checked("“The members shall decide this in the autumn,” said John Doe.")
    assert quote.verdict is Verdict.DIFFERS
    assert quote.best is not None
    assert [change.source.of(PAPER.text) for change in quote.changes] == ["will"]


def test_what_nobody_said_gives_the_closest_or_nothing() -> None:
    (near,) = checked("“The members will vote next year in the spring instead,” said John Doe.")
    (far,) = checked("“Quarterly dividends rose by a fifth,” said John Doe.")
    assert (near.verdict, far.verdict) == (Verdict.NOT_FOUND, Verdict.NOT_FOUND)
    assert [hit.quote for hit in near.nearest] == ["The members will decide this in the autumn"]
    assert far.nearest == ()


def test_a_few_words_out_of_a_long_speech_are_nobodys() -> None:
    """“the autumn” may be anybody's; it is never called somebody else's."""
    assert verdict("He spoke of “the autumn”, Jane Roe said.")[0] != "misattributed"


def test_titles_are_left_out() -> None:
    assert checked("The film “Gone Girl” ran on.") == []


def test_the_order_of_the_articles_never_matters() -> None:
    draft = "“It was like a lynch-mob,” said Jane Roe. “The members shall decide this in the autumn,” said John Doe."
    read = read_articles(PAPER, POST)
    assert checked(draft, read) == checked(draft, read[::-1])


_WORD = re.compile(r"\S+")


@cache
def seeds() -> Read:
    return seeds_read()


@cache
def _passages() -> list[tuple[Article, Speaker, int, int]]:
    """The marked passages of five words or more of the seeds, with their speakers and offsets."""
    return [
        (held, quote.speaker, part.start, part.end)
        for held, quotes in seeds()
        for quote in quotes
        if quote.kind is not Kind.INDIRECT and quote.speaker
        for part in quote.content
        if len(part.of(held.text).split()) >= 5
    ]


@st.composite
def sliced(draw: st.DrawFn) -> tuple[Article, Speaker, int, int]:
    """Five words or more of a quotation of a seed: the article, the speaker, and where they stand."""
    held, speaker, start, end = draw(st.sampled_from(_passages()))
    words = list(_WORD.finditer(held.text, start, end))
    first = draw(st.integers(0, len(words) - 5))
    last = draw(st.integers(first + 4, len(words) - 1))
    assume(not re.search(r"[“”\"]", held.text[words[first].start() : words[last].end()]))
    return held, speaker, words[first].start(), words[last].end()


SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])


@SLOW
@given(sliced())
def test_words_sliced_from_a_quotation_are_exact_and_found_where_they_stand(found: tuple) -> None:  # type: ignore[type-arg]  # drawn above
    held, speaker, start, end = found
    (quote,) = checked(f"The hall was full. “{held.text[start:end]}” said {speaker.name}.", seeds())
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    places = [(hit.article, hit.start, hit.end) for hit in (quote.best, *quote.best.variants)]
    assert any(name == held.id and first <= start and end <= last + 1 for name, first, last in places)


@SLOW
@given(sliced(), st.data())
def test_one_changed_word_differs_and_is_marked(found: tuple, data: st.DataObject) -> None:  # type: ignore[type-arg]  # drawn above
    held, speaker, start, end = found
    words = held.text[start:end].split()
    telling = [
        at for at, word in enumerate(words) if word.isalpha() and word.lower() not in lexicon.load_words("stop_words")
    ]
    assume(telling)
    words[data.draw(st.sampled_from(telling))] = "zebra"
    draft = f"The hall was full. “{' '.join(words)}” said {speaker.name}."
    (quote,) = checked(draft, seeds())
    assert quote.verdict is Verdict.DIFFERS
    assert [change.draft.of(draft) for change in quote.changes] == ["zebra"]
