"""Verdicts on a draft's quotations, with examples and with property tests over the seed articles."""

import re
from dataclasses import replace
from functools import cache

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from briefings.compose import check_quotations, parse_draft
from briefings.draft_report import CheckedQuote, Verdict
from briefings.model import Article, Kind, SearchTotals, Speaker
from briefings.text import lexicon
from tests.support.articles import AnalysedArticles, analyse_articles, analyse_seeds, make_article

PAPER = make_article(
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    '"The members will decide this in the autumn," said John Doe. "They always did," he added.\n'
    "Nobody there had seen such a crowd before.\n"
    'Between two lamps hung "We want him to stay here for good" that day.',
    "a",
)
POST = make_article('"Like a lynch mob without the rope," Jane Roe told them.', "b", "The Post")


def check(draft: str, articles_with_quotes: AnalysedArticles | None = None) -> list[CheckedQuote]:
    related = analyse_articles(PAPER, POST) if articles_with_quotes is None else articles_with_quotes
    return list(check_quotations(draft, parse_draft(draft), lambda _: related, SearchTotals(2, 4)).quotes)


def find_verdict(draft: str) -> tuple[str, str | None]:
    (quote,) = check(draft)
    return quote.verdict.value, quote.best.speaker.name if quote.best and quote.best.speaker else None


def test_exact_words_are_exact_and_the_other_wording_is_a_variant() -> None:
    (quote,) = check("“It was like a lynch mob without a rope,” said Jane Roe.")
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    assert (quote.best.article, quote.best.outlets) == ("a", 2)
    assert [variant.article for variant in quote.best.variants] == ["b"]


def test_quotation_without_a_speaker_is_judged_by_its_words() -> None:
    assert find_verdict("“The members will decide this.”") == ("exact", "John Doe")


def test_quotation_after_a_sentence_about_another_person_is_not_exact() -> None:
    assert find_verdict("Jane Roe came first. “The members will decide this.”")[0] != "exact"
    assert find_verdict("John Doe came first. “The members will decide this.”")[0] == "exact"
    assert find_verdict("It was late. “The members will decide this.”")[0] == "exact"


def test_passive_with_another_agent_is_misattributed() -> None:
    draft = "The crowd was called “a lynch mob without the rope” by {}, a nurse."
    assert find_verdict(draft.format("John Doe"))[0] == "misattributed"
    assert find_verdict(draft.format("Jane Roe"))[0] == "exact"


def test_words_of_another_speaker_are_misattributed() -> None:
    assert find_verdict("“The members will decide this,” said Jane Roe.") == ("misattributed", "John Doe")


def test_unattributed_words_of_a_named_speaker_are_not_sure() -> None:
    unattributed = [
        (paper, tuple(replace(quote, speaker=None, confidence=0.0) for quote in quotes))
        for paper, quotes in analyse_articles(PAPER)
    ]
    (quote,) = check("“We want him to stay here,” said Jane Roe.", unattributed)
    assert (quote.verdict, quote.note) == (Verdict.NOT_SURE, "The article doesn't say who said this.")


def test_uncertain_attribution_does_not_contradict_the_draft() -> None:
    uncertain = [
        (paper, tuple(replace(quote, confidence=0.5) for quote in quotes)) for paper, quotes in analyse_articles(PAPER)
    ]
    (quote,) = check("“The members will decide this,” said Jane Roe.", uncertain)
    assert quote.verdict is Verdict.NOT_SURE
    assert quote.note == "The speaker is probably John Doe, but this isn't certain."


def test_interrupted_quotations_count_as_one() -> None:
    (quote,) = check("“The members will decide this in the autumn. They always did,” said John Doe.")
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    assert quote.best.quote.startswith("The members")
    assert quote.best.quote.endswith("did")


def test_narration_is_shown_as_a_sentence_without_a_speaker() -> None:
    (quote,) = check("“Nobody there had seen such a crowd,” said John Doe.")
    assert quote.verdict is Verdict.NARRATION
    assert quote.best is not None
    assert (quote.best.speaker, quote.best.quote) == (None, "Nobody there had seen such a crowd before.")


def test_another_wording_differs_and_the_words_are_marked() -> None:
    (quote,) = check("“The members shall decide this in the autumn,” said John Doe.")
    assert quote.verdict is Verdict.DIFFERS
    assert quote.best is not None
    assert [change.source.of(PAPER.text) for change in quote.changes] == ["will"]


def test_words_without_a_match_give_similar_quotes_if_there_are_any() -> None:
    (similar,) = check("“The members will vote next year in the spring instead,” said John Doe.")
    (unrelated,) = check("“Quarterly dividends rose by a fifth,” said John Doe.")
    assert (similar.verdict, unrelated.verdict) == (Verdict.NOT_FOUND, Verdict.NOT_FOUND)
    assert [hit.quote for hit in similar.nearest] == ["The members will decide this in the autumn"]
    assert unrelated.nearest == ()


def test_few_words_from_a_long_quotation_are_not_misattributed() -> None:
    """Any speaker may say “the autumn”, so it does not prove a misattribution."""
    assert find_verdict("He spoke of “the autumn”, Jane Roe said.")[0] != "misattributed"


def test_titles_in_quotation_marks_are_ignored() -> None:
    assert check("The film “Gone Girl” ran on.") == []


def test_article_order_makes_no_difference() -> None:
    draft = "“It was like a lynch-mob,” said Jane Roe. “The members shall decide this in the autumn,” said John Doe."
    articles_with_quotes = analyse_articles(PAPER, POST)
    assert check(draft, articles_with_quotes) == check(draft, articles_with_quotes[::-1])


_WORD = re.compile(r"\S+")


@cache
def seeds() -> AnalysedArticles:
    return analyse_seeds()


@cache
def _find_passages() -> list[tuple[Article, Speaker, int, int]]:
    """Return the quoted passages of five or more words in the seeds, with their speakers and offsets."""
    return [
        (seed, quote.speaker, part.start, part.end)
        for seed, quotes in seeds()
        for quote in quotes
        if quote.kind is not Kind.INDIRECT and quote.speaker
        for part in quote.content
        if len(part.of(seed.text).split()) >= 5
    ]


@st.composite
def passage_slices(draw: st.DrawFn) -> tuple[Article, Speaker, int, int]:
    """Draw five or more words of a quotation in a seed: the article, the speaker and the offsets."""
    seed, speaker, start, end = draw(st.sampled_from(_find_passages()))
    words = list(_WORD.finditer(seed.text, start, end))
    first = draw(st.integers(0, len(words) - 5))
    last = draw(st.integers(first + 4, len(words) - 1))
    assume(not re.search(r"[“”\"]", seed.text[words[first].start() : words[last].end()]))
    return seed, speaker, words[first].start(), words[last].end()


SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])


@SLOW
@given(passage_slices())
def test_part_of_a_quotation_is_exact_at_its_own_place(passage_slice: tuple) -> None:  # type: ignore[type-arg]  # drawn above
    seed, speaker, start, end = passage_slice
    (quote,) = check(f"The hall was full. “{seed.text[start:end]}” said {speaker.name}.", seeds())
    assert quote.verdict is Verdict.EXACT
    assert quote.best is not None
    matches = [(hit.article, hit.start, hit.end) for hit in (quote.best, *quote.best.variants)]
    assert any(
        article_id == seed.id and match_start <= start and end <= match_end + 1
        for article_id, match_start, match_end in matches
    )


@SLOW
@given(passage_slices(), st.data())
def test_one_changed_word_differs_and_is_marked(passage_slice: tuple, data: st.DataObject) -> None:  # type: ignore[type-arg]  # drawn above
    seed, speaker, start, end = passage_slice
    words = seed.text[start:end].split()
    significant_indexes = [
        index
        for index, word in enumerate(words)
        if word.isalpha() and word.lower() not in lexicon.load_words("stop_words")
    ]
    assume(significant_indexes)
    words[data.draw(st.sampled_from(significant_indexes))] = "zebra"
    draft = f"The hall was full. “{' '.join(words)}” said {speaker.name}."
    (quote,) = check(draft, seeds())
    assert quote.verdict is Verdict.DIFFERS
    assert [change.draft.of(draft) for change in quote.changes] == ["zebra"]
