"""The person who is meant is named, or no speaker: pronouns, descriptions, namesakes, and what no speaker said."""

import pytest

from briefings.attribution import complete_speakers, extract_quotes, find_attributions
from briefings.attribution.people.describing import describe_unnamed
from briefings.attribution.people.models import load_people_models
from briefings.model import Article


def _get_last_speaker(text: str) -> str | None:
    quote = find_attributions(Article("a", text))[-1]
    return quote.speaker.name if quote.speaker else None


@pytest.mark.parametrize(
    ("text", "wrong_name"),
    [
        (
            "Tom Reed met Mary Holt in Easton on Monday.\n\n“The bridge will stay open all winter,” she said.",
            "Tom Reed",
        ),
        ("Mary Holt wrote to Tom Reed about the harbour.\n\n“We shall not pay a penny more,” he said.", "Mary Holt"),
        ("Mr Quill and Ms Frost spoke in turn.\n\n“This was a long night for the town,” she said.", "Quill"),
    ],
)
def test_pronoun_is_never_a_person_of_the_other_sex(text: str, wrong_name: str) -> None:
    assert _get_last_speaker(text) != wrong_name


@pytest.mark.parametrize(
    "text",
    [
        "Envoy Jane Roe arrived late.\n\n“We are not going to sign this treaty today,” the envoy told reporters.",
        "Jane Roe, the mayor of Easton, opened the fair.\n\n“The tram will be free for everyone,” the mayor said.",
        "The mayor of Easton, Jane Roe, opened the fair.\n\n“The tram will be free for everyone,” said the mayor.",
    ],
)
def test_description_is_the_person_that_the_article_names(text: str) -> None:
    assert _get_last_speaker(text) == "Jane Roe"


def test_unnamed_official_stays_unnamed() -> None:
    text = "Jane Roe left on Monday.\n\n“We do not expect a deal before May,” a senior official said."
    speaker = find_attributions(Article("a", text))[-1].speaker
    assert speaker is not None
    assert speaker.anonymous


def test_doubtful_name_is_not_shown() -> None:
    text = "Ann Lee saw Kim Fox, and Pat Orr saw Sam Day.\n\n“It was cold on the hill that night,” Lee or Fox said."
    models = load_people_models()
    least = min(models.min_confidence, models.min_named_confidence)
    for quote in extract_quotes(Article("a", text)):
        assert quote.speaker is None or quote.speaker.anonymous or quote.confidence >= least


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the official", "official"),
        ("a senior aide", "senior aide"),
        ("he", None),
        ("Mr Quill", None),
        ("the Tribune", None),
    ],
)
def test_source_below_the_threshold_is_shown_in_its_own_words_but_never_by_name(words: str, name: str | None) -> None:
    speaker = describe_unnamed(words)
    assert (speaker.name if speaker else None) == name


def test_surname_is_not_completed_by_a_namesake_with_another_office() -> None:
    short = Article("short", "“We will not give in to this pressure now,” Governor Quill said.")
    other = Article("other", "The singer Sarah Quill, a soloist of the choir, said the concert was sold out.")
    completed = complete_speakers([(short, extract_quotes(short)), (other, extract_quotes(other))])
    assert all(quote.speaker is None or quote.speaker.name != "Sarah Quill" for quote in completed[0][1])


def test_surname_of_somebody_well_known_is_not_taken_for_a_relative_named_in_full() -> None:
    text = "Jane Obama came with her dog.\n\n“The long winter is over for all of us,” Obama said."
    assert _get_last_speaker(text) == "Obama"


def test_two_runs_give_the_same_answers() -> None:
    text = "Jane Roe met Tom Reed.\n\n“The long winter is over for all of us,” she said.\n\n“Is it?” he asked."
    assert find_attributions(Article("a", text)) == find_attributions(Article("a", text))


@pytest.mark.parametrize("sign", ["a banner", "one sign", "another poster", "the placard", "The banner"])
def test_sign_is_never_a_speaker(sign: str) -> None:
    text = f"Jane Roe marched through Easton with the crowd.\n\n“We will not be moved from here,” {sign} read."
    assert _get_last_speaker(text) is None


@pytest.mark.parametrize("verb", ["did not say", "didn’t say", "has never said", "would not say", "have not said"])
def test_what_somebody_does_not_say_is_not_shown_as_their_words(verb: str) -> None:
    text = f"Police officers in Easton {verb} that the driver had been arrested. Jane Roe said the road was closed."
    assert [quote.speaker.name for quote in extract_quotes(Article("a", text)) if quote.speaker] == ["Jane Roe"]


@pytest.mark.parametrize(
    ("group", "words"),
    [("Senior party sources", "said one"), ("Two ministers", "said another"), ("Several residents", "one said")],
)
def test_one_of_a_group_is_shown_as_the_group(group: str, words: str) -> None:
    text = f"{group} were angry about the road. “It is simply not good enough for us,” {words}."
    speaker = find_attributions(Article("a", text))[-1].speaker
    assert speaker is not None
    assert (speaker.name, speaker.anonymous) == (group, True)


def test_short_answer_after_a_verb_of_saying_is_speech() -> None:
    assert _get_last_speaker("Asked whether she would run again, Jane Roe said simply: “Yes, I’m here.”") == "Jane Roe"


@pytest.mark.parametrize("report", ["The new tax was not fair, she said.", "Roe, who is not running, said he was ill."])
def test_denial_before_the_clause_of_the_verb_does_not_hide_a_report(report: str) -> None:
    text = f"Jane Roe opened the hall in Easton on Monday. {report}"
    assert any(quote.kind == "indirect" for quote in extract_quotes(Article("a", text)))
