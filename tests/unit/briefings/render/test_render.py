"""Answers as terminal text and as JSON: whose words are whose, links, widths, nothing that a terminal obeys."""

import json
from datetime import date

from briefings.compose import answer_who_said, compose
from briefings.model import Briefing, Hit, Kind, Searched, Slot, Speaker, WhoSaid
from briefings.render import json_output, terminal
from briefings.render.terminal import Style, make_printable
from tests.support.articles import article, read_articles

PLAIN = Style(width=60)
PAPER = article(
    "Members of the example party met on Tuesday in a hall that was far too small for them.\n"
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    'A party source said: "Nobody in there believed a single word of it."\n'
    "The secretary is expected to announce a bid for the leadership."
)


def brief() -> Briefing:
    return compose("story", "A story", read_articles(PAPER), max_words=400)


def hit(kind: Kind, speaker: Speaker | None = None) -> Hit:
    return Hit(speaker, "he would stay", kind, "said", "he", 0.5, "why", "a", 0, 5, "P", None, None, None, 1)


def searched(found: WhoSaid) -> str:
    return terminal.render_who_said(found, PLAIN)


def test_lines_keep_to_the_width_links_aside() -> None:
    lines = terminal.render_briefing(brief(), PLAIN).splitlines()
    assert all(len(line) <= 60 for line in lines if "https://" not in line)
    assert "".join(PAPER.text[:86].split()) in "".join("".join(lines).split())


def test_ours_stands_in_brackets_theirs_in_marks() -> None:
    written = terminal.render_briefing(brief(), Style(width=200))
    assert "[expected] The secretary is expected to announce" in written
    assert "[Tue 28 Jun 2016; “on Tuesday”] Members of" in written
    assert "Jane Roe, secretary: “It was like a lynch-mob without a rope.”" in written
    assert "(unnamed): “Nobody in there believed" in written


def test_what_no_single_day_is_known_of_shows_its_words_and_the_days_between() -> None:
    paper = article("Members of the example party met last week in a hall that was far too small.")
    found = compose("s", "S", read_articles(paper), max_words=400)
    (line,) = json_output.render_briefing(found)["lines"][:1]
    assert (line["date"], line["date_words"]) == (None, "last week")
    written = terminal.render_briefing(found, Style(width=200))
    assert "[“last week”] Members of" in written
    assert "too small. [between Mon 20 Jun and Sun 26 Jun 2016]" in written


def test_links_are_clickable_only_where_the_terminal_has_them() -> None:
    rich = terminal.render_briefing(brief(), Style(width=200, rich=True))
    assert "\x1b]8;;https://paper.example/a#:~:text=" in rich
    assert "<https://paper.example/a#:~:text=" in terminal.render_briefing(brief(), PLAIN)


def test_an_article_without_an_address_says_so() -> None:
    unlinked = read_articles(PAPER.__class__("a", PAPER.text, "The Paper"))
    assert "The Paper (no link)" in terminal.render_briefing(compose("s", "S", unlinked, max_words=400), PLAIN)


def test_a_paraphrase_is_never_put_in_quotation_marks() -> None:
    written = searched(WhoSaid("stay", Searched(1, 1), (hit(Kind.INDIRECT),)))
    assert "[in the paper's words] he would stay" in written
    assert "“he would stay”" not in written
    assert "“he would stay”" in searched(WhoSaid("stay", Searched(1, 1), (hit(Kind.DIRECT),)))


def test_nobody_named_and_nothing_found_are_said() -> None:
    assert searched(WhoSaid("stay", Searched(1, 1), (hit(Kind.DIRECT),))).startswith("Unattributed (why)")
    nothing = searched(WhoSaid("stay\x1b[2J", Searched(4, 37, date(2016, 6, 25), date(2016, 6, 30))))
    assert nothing.startswith("Nobody in the record is quoted saying “stay [2J”.")
    assert nothing.endswith("Searched 37 quotes in 4 articles, Sat 25 Jun 2016 to Thu 30 Jun 2016.")
    near = searched(WhoSaid("stay", Searched(1, 1), nearest=(hit(Kind.DIRECT, Speaker("Jane Roe", "secretary")),)))
    assert "The closest that somebody did say:\nJane Roe, secretary (why)" in near


def test_the_papers_own_words_are_told_as_such() -> None:
    found = answer_who_said("far too small", read_articles(PAPER), Searched(1, 2))
    assert searched(found).startswith("These words are the paper's own; nobody is quoted with them:")


def test_what_a_terminal_would_act_on_is_a_blank() -> None:
    assert make_printable("a\x1b]8;;x\x07b\u202ec\x9bd\ne\u2028f\ud800g") == "a ]8;;x b c d e f g"


def test_json_has_the_fields_that_others_rely_on() -> None:
    found = json.loads(json.dumps(json_output.render_briefing(brief())))
    assert {"topic", "title", "words", "articles", "lines"} <= found.keys()
    assert found["articles"] == [
        {
            "id": "a",
            "publisher": "The Paper",
            "published": "2016-06-30",
            "url": "https://paper.example/a",
            "title": None,
        }
    ]
    fields = {"slot", "text", "date", "date_words", "speaker", "expected", "outlets", "evidence"}
    assert all(fields <= line.keys() for line in found["lines"])
    assert all(
        piece.keys() == {"article", "start", "end", "link"} for line in found["lines"] for piece in line["evidence"]
    )
    assert [line["slot"] for line in found["lines"]] == sorted(
        (line["slot"] for line in found["lines"]), key=[slot.value for slot in Slot].index
    )


def test_json_of_who_said_has_them_too() -> None:
    found = json_output.render_who_said(
        answer_who_said("lynch-mob", read_articles(PAPER), Searched(1, 2, date(2016, 6, 30)))
    )
    assert found["searched"] == {"articles": 1, "quotes": 2, "since": "2016-06-30", "until": None}
    (said,) = found["hits"]
    told = {"speaker", "role", "quote", "kind", "cue", "source", "confidence", "article", "start", "end", "publisher"}
    assert told | {"published", "url", "link", "outlets", "variants"} <= said.keys()
    assert (said["speaker"], said["kind"], said["published"]) == ("Jane Roe", "direct", "2016-06-30")
    assert found["narration"] == found["nearest"] == []
