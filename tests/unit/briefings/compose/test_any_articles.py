"""Property tests on any articles: lines are verbatim, within the budget and free of boilerplate in any order."""

import json
import re
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution import extract_quotes
from briefings.compose import answer_who_said, build_hits, group_quotes_by
from briefings.model import ELISION, Article, SearchTotals, Slot, Span, WhoSaid
from briefings.render import json_output, terminal
from briefings.render.terminal import Style
from tests.support.articles import STORIES, analyse_articles, make_article
from tests.support.small_briefings import brief

BIDI_AND_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
PHRASES = st.sampled_from(["all that I could", "mob", "party", "the", "Roe", "zzz"])


@given(st.one_of(st.text(st.characters()), STORIES.map(lambda articles: articles[0].text)))
def test_quotes_are_in_range_and_do_not_start_or_end_in_boilerplate(text: str) -> None:
    """A passage may contain a tag or notice that was pasted into it, but then it is not used for a line."""
    parsed_article = make_article(text)
    for quote in extract_quotes(parsed_article):
        spans = [*quote.content, *([quote.source] if quote.source else []), *([quote.cue] if quote.cue else [])]
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
        assert all(first.end <= second.start for first, second in pairwise(quote.content))
        for notice in parsed_article.boilerplate:
            assert not any(notice.start <= fragment.start < notice.end for fragment in quote.content if len(fragment))
            assert not any(notice.start < fragment.end <= notice.end for fragment in quote.content if len(fragment))


@given(STORIES, st.integers(0, 500))
def test_lines_are_verbatim_and_within_the_budget(articles: list[Article], words: int) -> None:
    briefing = brief(*articles, words=words)
    articles_by_id = {source.id: source for source in articles}
    word_count = 0
    for line in briefing.lines:
        for piece in line.evidence:
            source = articles_by_id[piece.article]
            assert source.text[piece.start : piece.end] == piece.text
            assert not any(Span(piece.start, piece.end).overlaps(notice) for notice in source.boilerplate)
        if line.evidence:
            assert line.text == ELISION.join(piece.text for piece in line.evidence)
            assert 1 <= line.outlets <= len(articles)
            word_count += len(line.text.split())
    assert word_count == briefing.words <= words
    assert briefing.dropped_lines == 0
    assert len(briefing.get_slot_lines(Slot.SOURCES)) == len(articles)


@given(STORIES, st.randoms(use_true_random=False))
def test_article_order_makes_no_difference(articles: list[Article], random: Random) -> None:
    shuffled = list(articles)
    random.shuffle(shuffled)
    in_order, in_random_order = (
        json.dumps(json_output.render_briefing(brief(*order))) for order in (articles, shuffled)
    )
    assert in_order == in_random_order


@given(STORIES, PHRASES)
def test_hits_and_narration_are_verbatim(articles: list[Article], phrase: str) -> None:
    text_by_id = {source.id: source.text for source in articles}
    articles_with_quotes = analyse_articles(*articles)
    for answer in (
        answer_who_said(phrase, articles_with_quotes, SearchTotals(0, 0), nearest=articles_with_quotes),
        WhoSaid(phrase, SearchTotals(0, 0), build_hits(group_quotes_by(phrase, articles_with_quotes))),
    ):
        for hit in [*answer.hits, *answer.nearest]:
            assert text_by_id[hit.article][hit.start : hit.end] == hit.quote
            assert all(
                text_by_id[variant.article][variant.start : variant.end] == variant.quote for variant in hit.variants
            )
        assert all(
            text_by_id[narration.article][narration.start : narration.end] == narration.text
            for narration in answer.narration
        )


@given(STORIES, PHRASES)
def test_articles_cannot_send_control_characters_to_the_terminal(articles: list[Article], phrase: str) -> None:
    """The output has only our line ends, and our escape sequences for links and bold."""
    articles_with_quotes = analyse_articles(*articles)
    answer = answer_who_said(phrase, articles_with_quotes, SearchTotals(0, 0), nearest=articles_with_quotes)
    plain = Style(width=80)
    for text in (terminal.render_briefing(brief(*articles), plain), terminal.render_who_said(answer, plain)):
        assert not BIDI_AND_CONTROLS.search(text)
        text.encode()
    rich = terminal.render_briefing(brief(*articles), Style(width=80, rich=True))
    without_markup = re.sub(r"\x1b\[[01]m|\x1b\]8;;[!-~]*\x1b\\", "", rich)
    assert not BIDI_AND_CONTROLS.search(without_markup)
