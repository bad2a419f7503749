"""Answers as terminal text and as JSON: attribution, links, widths and control characters."""

import json
from dataclasses import replace
from datetime import date

from briefings.compose import answer_who_said, compose
from briefings.model import Briefing, Evidence, Hit, Kind, Line, SearchTotals, Slot, Source, Speaker, WhoSaid
from briefings.render import json_output, terminal
from briefings.render.terminal import Style, make_printable
from tests.support.articles import analyse_articles, make_article

PLAIN = Style(width=60)
PAPER = make_article(
    "Members of the example party met on Tuesday in a hall that was far too small for them.\n"
    'The secretary, Jane Roe, said: "It was like a lynch-mob without a rope."\n'
    'A party source said: "Nobody in there believed a single word of it."\n'
    "The secretary is expected to announce a bid for the leadership."
)


def brief() -> Briefing:
    return compose("story", "A story", analyse_articles(PAPER), max_words=400)


def make_hit(kind: Kind, speaker: Speaker | None = None) -> Hit:
    return Hit(speaker, "he would stay", kind, "said", "he", 0.5, "why", "a", 0, 5, "P", None, None, None, 1)


def render(answer: WhoSaid) -> str:
    return terminal.render_who_said(answer, PLAIN)


def test_lines_without_links_are_within_the_width() -> None:
    lines = terminal.render_briefing(brief(), PLAIN).splitlines()
    assert all(len(line) <= 60 for line in lines if "https://" not in line)
    assert "".join(PAPER.text[:86].split()) in "".join("".join(lines).split())


def test_notes_are_in_brackets_and_quotes_in_quotation_marks() -> None:
    output = terminal.render_briefing(brief(), Style(width=200))
    assert "[expected] The secretary is expected to announce" in output
    assert "Tue 28 Jun 2016" in output
    assert "“on Tuesday”] Members of" in output
    assert "Jane Roe, secretary: “It was like a lynch-mob without a rope.”" in output
    assert "(unnamed): “Nobody in there believed" in output


def test_period_is_shown_with_its_words_and_possible_days() -> None:
    paper = make_article("Members of the example party met last week in a hall that was far too small.")
    briefing = compose("s", "S", analyse_articles(paper), max_words=400)
    (line,) = json_output.render_briefing(briefing)["lines"][:1]
    assert (line["date"], line["date_words"]) == (None, "last week")
    output = terminal.render_briefing(briefing, Style(width=200))
    assert "[“last week”] Members of" in output
    assert "too small. [between Mon 20 Jun and Sun 26 Jun 2016]" in output


def test_links_are_clickable_only_where_the_terminal_supports_them() -> None:
    rich = terminal.render_briefing(brief(), Style(width=200, rich=True))
    assert "\x1b]8;;https://paper.example/a#:~:text=" in rich


def test_links_of_plain_text_are_numbered_and_listed_at_the_end() -> None:
    lines = terminal.render_briefing(brief(), PLAIN).splitlines()
    links = lines[lines.index("Links") + 1 :]
    assert links[0].startswith("  [1] https://paper.example/a#:~:text=")
    assert not any("https://" in line for line in lines[: lines.index("Links")])
    assert "    The Paper [1], Thu 30 Jun 2016" in lines


def test_link_that_is_cited_twice_has_one_number() -> None:
    links = ["https://paper.example/a", "https://paper.example/b", "https://paper.example/a"]
    lines = tuple(
        Line(Slot.STATUS, f"event {number}", (Evidence("a", 0, 5, "words", link),)) for number, link in enumerate(links)
    )
    output = terminal.render_briefing(Briefing("s", "S", (Source("a", "P", None, links[0]),), lines, 5), PLAIN)
    numbers = [line.split("[")[1][0] for line in output.splitlines() if line.strip().startswith("P [")]
    assert numbers == ["1", "2", "1"]
    assert output.count("https://paper.example/a") == output.count("https://paper.example/b") == 1


def test_day_is_printed_once_over_its_lines() -> None:
    evidence = (Evidence("a", 0, 5, "words", None),)
    days = [date(2016, 6, 28), date(2016, 6, 28), date(2016, 6, 29), None, None]
    lines = tuple(Line(Slot.TIMELINE, f"event {number}", evidence, day=day) for number, day in enumerate(days))
    output = terminal.render_briefing(Briefing("s", "S", (Source("a", "P", None, None),), lines, 5), PLAIN)
    shown_lines = [line.strip() for line in output.splitlines() if line != "    P, undated"]
    assert shown_lines[3:10] == [
        "Tue 28 Jun 2016",
        "- event 0",
        "- event 1",
        "Wed 29 Jun 2016",
        "- event 2",
        "No date given",
        "- event 3",
    ]


def test_title_of_a_briefing_on_everything_is_in_words() -> None:
    assert terminal.render_briefing(Briefing("*", "*", (), (), 0), PLAIN).startswith("All articles\n")


def test_article_without_a_url_is_shown_without_a_link() -> None:
    unlinked = analyse_articles(PAPER.__class__("a", PAPER.text, "The Paper"))
    assert "\n    The Paper, " in terminal.render_briefing(compose("s", "S", unlinked, max_words=400), PLAIN)


def test_paraphrase_is_not_in_quotation_marks() -> None:
    output = render(WhoSaid("stay", SearchTotals(1, 1), (make_hit(Kind.INDIRECT, Speaker("Jane Roe")),)))
    assert "[paraphrase] he would stay" in output
    assert "“he would stay”" not in output
    unattributed_output = render(WhoSaid("stay", SearchTotals(1, 1), (make_hit(Kind.INDIRECT),)))
    assert "\n  he would stay\n" in unattributed_output
    assert "“he would stay”" in render(WhoSaid("stay", SearchTotals(1, 1), (make_hit(Kind.DIRECT),)))


def test_unattributed_quote_and_empty_answer_are_explained() -> None:
    assert render(WhoSaid("stay", SearchTotals(1, 1), (make_hit(Kind.DIRECT),))).startswith("Unknown speaker (why)")
    empty_answer = render(WhoSaid("stay\x1b[2J", SearchTotals(4, 37, date(2016, 6, 25), date(2016, 6, 30))))
    assert empty_answer.startswith("No article contains “stay [2J”. Try fewer words or a single distinctive one.")
    assert empty_answer.endswith("Searched 37 quotes in 4 articles, Sat 25 Jun 2016 to Thu 30 Jun 2016.")
    similar_answer = render(
        WhoSaid("stay", SearchTotals(1, 1), nearest=(make_hit(Kind.DIRECT, Speaker("Jane Roe", "secretary")),))
    )
    assert "No exact match for “stay”. Closest quotes:\n\nProbably Jane Roe, secretary (why)" in similar_answer


def test_narration_has_a_heading() -> None:
    answer = answer_who_said("far too small", analyse_articles(PAPER), SearchTotals(1, 2))
    assert render(answer).startswith("No one is quoted saying this. The articles' own words:")


def test_control_characters_become_blanks() -> None:
    assert make_printable("a\x1b]8;;x\x07b\u202ec\x9bd\ne\u2028f\ud800g") == "a ]8;;x b c d e f g"


def test_json_of_a_briefing_has_the_documented_fields() -> None:
    briefing = json.loads(json.dumps(json_output.render_briefing(brief())))
    assert {"topic", "title", "words", "articles", "lines"} <= briefing.keys()
    assert briefing["articles"] == [
        {
            "id": "a",
            "publisher": "The Paper",
            "published": "2016-06-30",
            "url": "https://paper.example/a",
            "title": None,
        }
    ]
    fields = {"slot", "text", "date", "date_words", "speaker", "expected", "outlets", "evidence"}
    lines = briefing["lines"]
    assert all(fields <= line.keys() for line in lines)
    assert all(piece.keys() == {"article", "start", "end", "link"} for line in lines for piece in line["evidence"])
    slots = [line["slot"] for line in lines]
    assert slots == sorted(slots, key=[slot.value for slot in Slot].index)


def test_json_of_who_said_has_the_documented_fields() -> None:
    answer = json_output.render_who_said(
        answer_who_said("lynch-mob", analyse_articles(PAPER), SearchTotals(1, 2, date(2016, 6, 30)))
    )
    assert answer["searched"] == {"articles": 1, "quotes": 2, "since": "2016-06-30", "until": None}
    (hit,) = answer["hits"]
    fields = {"speaker", "role", "quote", "kind", "cue", "source", "confidence", "article", "start", "end", "publisher"}
    assert fields | {"published", "url", "link", "outlets", "variants"} <= hit.keys()
    assert (hit["speaker"], hit["kind"], hit["published"]) == ("Jane Roe", "direct", "2016-06-30")
    assert answer["narration"] == answer["nearest"] == []


def test_source_without_an_outlet_is_named_by_its_title_or_its_file_name() -> None:
    titled = replace(make_article("The mayor of Easton resigned on Monday.", "t", None), title="Mayor goes")
    untitled = make_article("The harbour of Weston burned on Sunday.", "weston", None)
    text = terminal.render_briefing(compose("t", "T", analyse_articles(titled, untitled), max_words=100), PLAIN)
    assert "“Mayor goes”" in text
    assert "\n    weston [2]" in text
