"""Boundaries and sources of reported speech, in sentences typical of news."""

import pytest

from briefings.attribution import find_attributions
from briefings.model import Article


def find_report(text: str, cue: str) -> tuple[str, str | None]:
    """Return the content that `cue` reports in `text`, with fragments joined by " … ", and its speaker."""
    for quote in find_attributions(Article("a", text)):
        if quote.cue and quote.cue.of(text) == cue:
            return " … ".join(span.of(text) for span in quote.content), quote.speaker.name if quote.speaker else None
    return "", None


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "Union officials said there was frustration among nurses, and some doctors, about the pace of the reforms.",
            "there was frustration among nurses, and some doctors, about the pace of the reforms",
        ),
        (
            "Neighbours said there had been shouting in the house, and breaking glass, for most of the night.",
            "there had been shouting in the house, and breaking glass, for most of the night",
        ),
        ("The ministry said the bridge, built in 1931, would close in March.", None),
        (
            "Party insiders said that the chairman, who took office in May, had lost the trust of his members.",
            "that the chairman, who took office in May, had lost the trust of his members",
        ),
        (
            "The agency said the tunnel, which carries nine trains an hour, must be rebuilt.",
            "the tunnel, which carries nine trains an hour, must be rebuilt",
        ),
    ],
)
def test_aside_between_commas_does_not_end_a_content(text: str, content: str | None) -> None:
    expected = content or "the bridge, built in 1931, would close in March"
    assert find_report(text, "said")[0] == expected


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        (
            "Senators accused Kovak, the director of the agency, of misleading the committee.",
            "accused",
            "Kovak, the director of the agency, of misleading the committee",
        ),
        (
            "Opponents accused Reid, who runs the port, of ignoring warnings about the crane.",
            "accused",
            "Reid, who runs the port, of ignoring warnings about the crane",
        ),
        (
            "Campaigners criticised the bank, a big lender to farmers, for raising its fees.",
            "criticised",
            "the bank, a big lender to farmers, for raising its fees",
        ),
        (
            "Miners accused the company, and its owners, of neglecting safety.",
            "accused",
            "the company, and its owners, of neglecting safety",
        ),
    ],
)
def test_aside_does_not_separate_the_object_of_a_judging_verb_from_its_reason(
    text: str, cue: str, content: str
) -> None:
    assert find_report(text, cue)[0] == content


def test_joined_judging_verbs_have_separate_contents_and_one_source() -> None:
    text = "Residents have accused the council of wasting money on the bridge and have blamed it for shutting a school."
    assert find_report(text, "accused") == ("the council of wasting money on the bridge", "Residents")
    assert find_report(text, "blamed") == ("it for shutting a school", "Residents")


@pytest.mark.parametrize(
    ("text", "cue", "content"),
    [
        (
            "The mayor praised the engineers and said the dam would be finished by June.",
            "praised",
            "the engineers",
        ),
        (
            "Lund said she had met the miners twice but warned that the pit would close.",
            "said",
            "she had met the miners twice",
        ),
        ("Marsh told reporters he could not back the plan and was dismissed.", "told", "he could not back the plan"),
        ("The club promised to repay the loan and sold two players.", "promised", "to repay the loan"),
    ],
)  # fmt: skip
def test_second_verb_of_the_source_ends_the_first_content(text: str, cue: str, content: str) -> None:
    assert find_report(text, cue)[0] == content


@pytest.mark.parametrize(
    "text",
    [
        "Officials said the river had burst its banks and flooded the market.",
        "Hill said the firm would pay the fine and would close its plant.",
    ],
)
def test_verbs_joined_within_a_report_are_part_of_it(text: str) -> None:
    assert find_report(text, "said")[0] == text.split(" said ")[1].rstrip(".")


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        (
            "Norwegian coalition party leader won a bruising confidence vote by 88 to 81 but declined to celebrate,"
            " news agencies said on Friday.",
            "said",
            "news agencies",
        ),
        ("The mayor refused to step down, city officials said.", "said", "city officials"),
        ("The striking drivers vowed to stay out until Easter, union leaders said.", "said", "union leaders"),
        (
            "A court ordered the release of two engineers but refused to drop the charges, state television said.",
            "said",
            "state television",
        ),
    ],
)
def test_cue_that_closes_a_sentence_reports_all_of_it(text: str, cue: str, source: str) -> None:
    assert find_report(text, cue) == (text[: text.index(f", {source}")], source)
    other_quotes = [quote for quote in find_attributions(Article("a", text)) if quote.cue and quote.cue.of(text) != cue]
    assert not other_quotes


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        (
            "Critics such as former minister Anna Reid accused the board of hiding losses, saying that the books were"
            " never checked.",
            "saying",
            "Anna Reid",
        ),
        ("Loyal fans of the gifted left winger said he would stay.", "said", "Loyal fans of the gifted left winger"),
        ("A person close to the talks said the deal was dead.", "said", "person close to the talks"),
        ("Two people familiar with the sale said the price was too low.", "said", "Two people familiar with the sale"),
        ("A memo seen by Reuters said the valve had failed.", "said", "memo seen by Reuters"),
        ("The veteran left hander claimed the umpire was wrong.", "claimed", "veteran left hander"),
        (
            "Rivals within the league blamed Stone, a late arrival, for the delay.",
            "blamed",
            "Rivals within the league",
        ),
    ],
)  # fmt: skip
def test_source_description_is_complete_and_shared_with_a_participle(text: str, cue: str, source: str) -> None:
    assert find_report(text, cue)[1] == source


def test_participle_before_a_noun_reports_nothing() -> None:
    text = "Kovak, a noted critic of the port, walked home with his proposed budget in a bag."
    assert not find_attributions(Article("a", text))
