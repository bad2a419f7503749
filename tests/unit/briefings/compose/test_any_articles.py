"""Whatever the articles: every line is verbatim, within the budget, clear of boilerplate, the same in any order."""

import json
import re
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from briefings.attribution import extract_quotes
from briefings.compose import answer_who_said, compose, list_quotes_by
from briefings.model import ELISION, Article, Briefing, Searched, Slot, Span
from briefings.render import json_output, terminal
from briefings.render.terminal import Style
from tests.support.articles import STORIES, article, read_articles

BIDI_AND_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ASKED = st.sampled_from(["all that I could", "mob", "party", "the", "Roe", "zzz"])


def brief(articles: list[Article], words: int = 400) -> Briefing:
    return compose("story", "A story", read_articles(*articles), max_words=words)


@given(st.one_of(st.text(st.characters()), STORIES.map(lambda articles: articles[0].text)))
def test_any_text_gives_quotes_in_range_that_do_not_begin_or_end_in_boilerplate(text: str) -> None:
    """A passage may still reach over a tag or notice that was pasted into it; no line is made of such a one."""
    found = article(text)
    for quote in extract_quotes(found):
        spans = [*quote.content, *([quote.source] if quote.source else []), *([quote.cue] if quote.cue else [])]
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
        assert all(one.end <= other.start for one, other in pairwise(quote.content))
        for marked in found.boilerplate:
            assert not any(marked.start <= fragment.start < marked.end for fragment in quote.content if len(fragment))
            assert not any(marked.start < fragment.end <= marked.end for fragment in quote.content if len(fragment))


@given(STORIES, st.integers(0, 500))
def test_every_line_is_verbatim_and_the_budget_is_kept(articles: list[Article], words: int) -> None:
    found = brief(articles, words)
    by_id = {each.id: each for each in articles}
    said = 0
    for line in found.lines:
        for piece in line.evidence:
            source = by_id[piece.article]
            assert source.text[piece.start : piece.end] == piece.text
            assert not any(Span(piece.start, piece.end).overlaps(marked) for marked in source.boilerplate)
        if line.evidence:
            assert line.text == ELISION.join(piece.text for piece in line.evidence)
            assert 1 <= line.outlets <= len(articles)
            said += len(line.text.split())
    assert said == found.words <= words
    assert found.dropped_lines == 0
    assert len(found.get_slot_lines(Slot.SOURCES)) == len(articles)


@given(STORIES, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_changes_nothing(articles: list[Article], random: Random) -> None:
    shuffled = list(articles)
    random.shuffle(shuffled)
    one, other = (json.dumps(json_output.render_briefing(brief(each))) for each in (articles, shuffled))
    assert one == other


@given(STORIES, ASKED)
def test_every_hit_and_narration_is_verbatim(articles: list[Article], asked: str) -> None:
    by_id = {each.id: each.text for each in articles}
    read = read_articles(*articles)
    for found in (
        answer_who_said(asked, read, Searched(0, 0), nearest=read),
        list_quotes_by(asked, asked, read, Searched(0, 0)),
    ):
        for hit in [*found.hits, *found.nearest]:
            assert by_id[hit.article][hit.start : hit.end] == hit.quote
            assert all(by_id[v.article][v.start : v.end] == v.quote for v in hit.variants)
        assert all(by_id[n.article][n.start : n.end] == n.text for n in found.narration)


@given(STORIES, ASKED)
def test_nothing_a_terminal_would_act_on_is_printed(articles: list[Article], asked: str) -> None:
    """Only line ends of our own; ESC of our own where links and bold are wanted."""
    read = read_articles(*articles)
    answer = answer_who_said(asked, read, Searched(0, 0), nearest=read)
    plain = Style(width=80)
    for text in (terminal.render_briefing(brief(articles), plain), terminal.render_who_said(answer, plain)):
        assert not BIDI_AND_CONTROLS.search(text)
        text.encode()
    rich = terminal.render_briefing(brief(articles), Style(width=80, rich=True))
    ours = re.sub(r"\x1b\[[01]m|\x1b\]8;;[!-~]*\x1b\\", "", rich)
    assert not BIDI_AND_CONTROLS.search(ours)
