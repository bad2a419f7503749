"""Words under a label or a heading belong to the speaker that it names."""

import pytest

from briefings.article import parse_article
from briefings.attribution import extract_quotes
from briefings.model import Article


def find_turns(text: str) -> list[tuple[str, str | None]]:
    quotes = extract_quotes(parse_article(Article("a", text)))
    return [(quote.span.of(text), quote.speaker.name if quote.speaker else None) for quote in quotes]


INTERVIEW = """**The baker Jane Roe on bread**

She talks to John Doe about her shop.

**Why did you open a shop?**

Because I can bake.

**John Doe: Was it hard?**

**Jane Roe:** It was. I said "never again" twice.

**JD: And now?**

**JR:** Now I sleep.
"""


def test_interview_gives_each_turn_to_its_speaker_and_resolves_initials() -> None:
    assert find_turns(INTERVIEW) == [
        ("Why did you open a shop?", "John Doe"),
        ("Because I can bake.", "Jane Roe"),
        ("Was it hard?", "John Doe"),
        ('It was. I said "never again" twice.', "Jane Roe"),
        ("And now?", "John Doe"),
        ("Now I sleep.", "Jane Roe"),
    ]


def test_stage_directions_belong_to_nobody() -> None:
    text = (
        "JANE ROE, HOST: Good evening to you all.\n\nJOHN DOE (E-TOWN), MAYOR: Thank you.\n\n(APPLAUSE)\n\n"
        "ROE: Will you stay?\n\nDOE: I will. (LAUGHTER) Ask my wife.\n\nROE: We did.\n"
    )
    assert find_turns(text) == [
        ("Good evening to you all.", "JANE ROE"),
        ("Thank you.", "JOHN DOE"),
        ("Will you stay?", "JANE ROE"),
        ("I will.", "JOHN DOE"),
        ("Ask my wife.", "JOHN DOE"),
        ("We did.", "JANE ROE"),
    ]


def test_questions_and_answers_without_names_are_turns_without_a_speaker() -> None:
    text = "Q. Where were you?\n\nA. At the harbour.\n\nQ. Who saw you?\n\nA. Nobody at all.\n"
    assert find_turns(text) == [
        ("Where were you?", None),
        ("At the harbour.", None),
        ("Who saw you?", None),
        ("Nobody at all.", None),
    ]


def test_paper_that_answers_its_own_questions_quotes_others() -> None:
    text = (
        "Q: WHY IS IT LATE?\n\nA: “The steel did not come,” said Jane Roe, the builder.\n\nThe town is angry.\n\n"
        "Q: WHEN WILL IT OPEN?\n\nA: “Not before May,” said John Doe, the mayor.\n"
    )
    found = dict(find_turns(text))
    assert (found["The steel did not come,"], found["Not before May,"]) == ("Jane Roe", "John Doe")
    assert "The town is angry." not in found


def test_record_of_a_parliament_is_a_transcript() -> None:
    text = "Mr. DOE. I rise today.\n\nMs. ROE. I thank him.\n\nMr. DOE. I wait.\n\nMs. ROE. I yield back.\n"
    assert [speaker for _, speaker in find_turns(text)] == ["DOE", "ROE", "DOE", "ROE"]


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("* Analysts at Hale & Co: “The price looks low to us”", "Analysts at Hale & Co"),
        ("- Jane Roe: “We will keep the road open.”", "Jane Roe"),
        ("“Hear it for yourselves.” pic.example/a8 — Jane Roe (@roe) June 23, 2031", "Jane Roe"),
        ('"every note was live. all of it." — Jane Roe (@roe) June 23, 2031', "Jane Roe"),
    ],
)
def test_labelled_and_signed_quotations_have_a_speaker(line: str, speaker: str) -> None:
    found = find_turns(f"The council met on Monday to hear the plan.\n\n{line}\n\nIt will meet again in May.\n")
    assert [name for _, name in found if name is not None and name.startswith(speaker[:8])] != []


@pytest.mark.parametrize("label", ["Update", "Headline", "Photo caption", "Correction"])
def test_heading_of_a_note_is_not_a_speaker(label: str) -> None:
    found = find_turns(
        f"The council met on Monday.\n\n{label}: “The road is closed until May.”\n\nIt will meet again.\n"
    )
    assert all(name != label for _, name in found)


def test_clause_that_ends_in_the_word_question_is_not_a_heading() -> None:
    text = "In the end, Jane Roe said, the choice came down to a simple question: “Who are we going to vote for now?”\n"
    assert find_turns(text) == [("Who are we going to vote for now?", "Jane Roe")]


def test_single_label_is_not_a_transcript() -> None:
    assert find_turns("EASTON: The council met on Monday.\n\nIt will meet again in May.\n") == []


def test_statement_belongs_to_the_person_in_its_heading() -> None:
    text = (
        "Statement by Commissioner Jane Roe on the school\n\nI welcome the plan.\n\nThe children have waited.\n\n"
        "We will build it now.\n\nFor more information, call the office.\n"
    )
    assert find_turns(text) == [
        ("I welcome the plan.", "Jane Roe"),
        ("The children have waited.", "Jane Roe"),
        ("We will build it now.", "Jane Roe"),
    ]


def test_report_about_a_statement_is_not_a_statement() -> None:
    text = "Statement by the mayor angers Easton\n\nThe town was angry on Monday.\n\nThe mayor left.\n"
    assert find_turns(text) == []
