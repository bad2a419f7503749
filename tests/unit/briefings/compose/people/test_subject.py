"""A quotation is about a subject only if it, or the sentences around it, mention the subject."""

import pytest

from briefings.compose.people.subject import Subject, list_passage
from briefings.model import Article, Kind, Quote, Span


def make_quote(text: str, words: str) -> tuple[Article, Quote]:
    start = text.index(words)
    span = Span(start, start + len(words))
    return Article("a", text), Quote((span,), None, None, None, Kind.DIRECT, 0.0, "test")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("ferry", "“The ferry must sail,” said Jane Roe."),
        ("the ferry", "“The ferries must sail,” said Jane Roe."),
        ("ferry strike", "“We must sail,” Jane Roe said of the strike on the ferry."),
        ("second vote", "“We need a second, final vote,” said Jane Roe."),
        ("levies", "The levy was late. “We must pay,” said Jane Roe."),
        ("vote", "“We must sail,” said Jane Roe. The ballot was voted down."),
        ("ferry", "Jane Roe was asked about the ferry:\n\n“We must sail.”"),
        ("ferry", "Will the ferry sail?\n“We must sail,” said Jane Roe."),
        ("EU", "“We must sail,” Jane Roe told the EU."),
        ("May", "“We must sail,” Jane Roe told May."),
        ("Élan", "“We must sail,” Jane Roe told the elan group."),
        ("no-confidence vote", "“We must sail,” Jane Roe said after the no confidence vote."),
        ("the", "“We must sail,” said Jane Roe, the mayor."),
    ],
)
def test_a_mention_beside_the_quotation_counts(subject: str, text: str) -> None:
    article, quote = make_quote(text, text[text.index("“") + 1 : text.index("”")])
    assert Subject(subject).is_subject_of(article, quote)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("ferry", "The ferry is late.\n\n“We must pay,” said Jane Roe.\n\nThe ferry came."),
        ("ferry", "The ferry is late. It rained. “We must pay,” said Jane Roe. It rained. The ferry came."),
        ("second vote", "“This is our second reason,” said Jane Roe. The vote is late."),
        ("May", "“We must pay, as we may,” said Jane Roe."),
        ("art", "“We must start,” said Jane Roe."),
        ("ferry", "“We must pay,” said Jane Roe."),
    ],
)
def test_a_mention_elsewhere_in_the_article_does_not_count(subject: str, text: str) -> None:
    article, quote = make_quote(text, text[text.index("“") + 1 : text.index("”")])
    assert not Subject(subject).is_subject_of(article, quote)


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "The ferry between Easton and the islands has been late on every day of this year.\n"
        "The council looked into the reasons and found that there were too few people at\n"
        "the harbour. “We must hire more of them before the summer comes,” said Jane Roe, the\n"
        "mayor, who had been asked about the ferry by the council. Nobody else wanted to say\n"
        "anything at all on the question of the harbour and the people who work there now.\n"
    )
    article, quote = make_quote(text, "We must hire more of them before the summer comes")
    assert Subject("council reasons").is_subject_of(article, quote)
    assert not Subject("islands").is_subject_of(article, quote)


def test_a_passage_is_a_part_of_the_text_also_for_odd_texts() -> None:
    for text in ("“x”", "\n\n“x”\n", "“x” \x00 \ud800", "a" * 9000 + "“x”" + "b" * 9000):
        start = text.index("x")
        assert all(sentence in text for sentence in list_passage(text, Span(start, start + 1)))


def test_every_article_on_a_subject_has_a_phrase_of_its_search() -> None:
    assert Subject("the water levies").search_phrases[0] == "levies"
    assert "levy" in Subject("levies").search_phrases
    assert "parties" in Subject("party").search_phrases
    assert Subject("EU").search_phrases == ("eu",)
    assert Subject("2016").search_phrases == ("2016",)
    assert Subject("…").search_phrases == ()
