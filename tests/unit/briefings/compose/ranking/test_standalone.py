"""Which sentences can be a line by themselves."""

import pytest

from briefings.compose.ranking.standalone import (
    has_closed_quotations,
    is_dangling,
    is_whole,
    points_back,
    strip_dateline,
)
from briefings.model import Span


@pytest.mark.parametrize(
    "sentence",
    [
        "The move surprised the members of the council.",
        "The 26-year-old woman left the court by a side door.",
        "However, the council voted for the plan.",
        "There, voters waited for hours.",
        "In January, he told the council that the plan was dead.",
        "That decision cost the council its majority.",
        "What happened next is a matter for the court.",
        "We asked the council for its figures.",
        "When: Friday at noon in the town hall.",
        "On Monday, they voted for it.",
        "In that case the council would have to vote again.",
        "(Roe then left before the council could vote.)",
        "Minutes later, Jane Roe left the council.",
        "About 15 minutes later, Jane Roe left the council.",
        "Less than a day later, Jane Roe left the council.",
        "Get breaking news from the council of Easton.",
        "The Easton Morning Show airs at 7 a.m.",
        "For information about Easton, check out the guide of the council.",
        "One involved the affair of Jane Roe.",
        "While #Easton is rising, the council of Easton is sleeping.",
        "While Easton is rising...and the council of Easton is sleeping.",
        "EGC EGC But investors in Easton liked the news.",
        "But fellow councillors of Jane Roe suggested that she had not.",
        "But two days later, Jane Roe left the council.",
        "A month before that, Jane Roe left the council.",
        "As Roe reported, the council is in debt.",
        "A Leeds court sentenced five men to prison for her death.",
        "In an interview with CNN, she accused the council of neglect.",
        "In an interview with the Easton news agency, he called it absurd.",
        "According to his wife, he then worked for the council.",
    ],
)
def test_sentence_that_points_elsewhere_is_dangling(sentence: str) -> None:
    assert is_dangling(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The council voted for the plan of Jane Roe.",
        "But Jane Roe told the council that she would stay.",
        "In his speech, John Doe told the council that it had failed.",
        "Voters said they had waited for hours.",
        "Jane Roe said she would pay the fine.",
        "As the Easton Press reported, the council is in debt.",
        "Roe told CNN that she would pay the fine.",
        "The council of Easton said that Jane Roe would pay her fine.",
    ],
)
def test_sentence_that_names_its_people_stands_alone(sentence: str) -> None:
    assert not is_dangling(sentence)


@pytest.mark.parametrize(
    ("sentence", "body"),
    [
        ("LEEDS, England (Reuters) - Jane Roe left.", "Jane Roe left."),
        ("Leeds (CNN) Jane Roe left.", "Jane Roe left."),
        ("(CNN) -- Jane Roe left.", "Jane Roe left."),
        ("LEEDS — Jane Roe left.", "Jane Roe left."),
        ("• Jane Roe left.", "Jane Roe left."),
        ("CLOSE Jane Roe left.", "Jane Roe left."),
        ("WATCH: Jane Roe left.", "Jane Roe left."),
        ("CLOSE to tears, Jane Roe left.", "CLOSE to tears, Jane Roe left."),
        ("Jane Roe left the house – and the party.", "Jane Roe left the house – and the party."),
    ],
)
def test_dateline_is_stripped(sentence: str, body: str) -> None:
    assert strip_dateline(sentence, Span(0, len(sentence))).of(sentence) == body


@pytest.mark.parametrize(
    "words",
    ["Jane Roe said “we will not.", "Jane Roe left (for good.", '" Jane Roe said that it was over.', "”Jane Roe left."],
)
def test_open_quotation_or_bracket_is_found(words: str) -> None:
    assert not has_closed_quotations(words)


@pytest.mark.parametrize(
    "words",
    [
        "jane roe left the council after the vote.",
        "Jane Roe left the council after the vote",
        "Why did Jane Roe leave it?",
        ", who is running for mayor of Easton, faced criticism on Tuesday.",
    ],
)
def test_part_or_question_is_not_whole(words: str) -> None:
    assert not is_whole(words, Span(0, len(words)), ())


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Officials have cast doubt on that promise.", True),
        ("Jane Roe thanked the council for honoring those conditions.", True),
        ("John Doe did not succeed at either.", True),
        ("The union of miners disputes that characterization, of course.", True),
        ("The union of miners denied that charge.", True),
        ("Jane Roe said at the time that the miners fought well.", True),
        ("Jane Roe was mayor at the time of the vote.", False),
        ("Easton Glass found a way for those temporary workers to stay.", True),
        ("The choice of these three towns surprised Jane Roe.", True),
        ("The union of miners denied that charges were brought.", False),
        ("Some countries may use it, and the courts of those countries have.", False),
        ("Jane Roe spoke to those who had voted.", False),
    ],
)
def test_pointing_words_inside_a_sentence(sentence: str, expected: bool) -> None:
    assert points_back(sentence) is expected
