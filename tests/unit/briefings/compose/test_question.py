"""A briefing on free words tells of these words."""

from datetime import date

from briefings.compose import compose
from briefings.model import Briefing, Slot
from tests.support.articles import analyse_articles, make_article

DAY = date(2016, 6, 28)
NEWS = "Jane Roe won the vote in Easton and vowed to keep the old hospital open for the people."


def brief(question: str, *texts: str) -> Briefing:
    articles = [make_article(text, f"a{number}", f"Paper {number}", DAY) for number, text in enumerate(texts)]
    return compose("q", question, analyse_articles(*articles), max_words=400, question=question)


def get_missing(briefing: Briefing) -> list[str]:
    return [line.text for line in briefing.get_slot_lines(Slot.MISSING)]


def test_words_in_one_article_are_shown_and_counted() -> None:
    briefing = brief(
        "Weston by-election",
        NEWS,
        "The result in Easton was close. Voters elsewhere wait: the Weston by-election was held in a school hall.",
        NEWS.replace("vowed", "promised"),
    )
    assert any("Weston by-election" in line.text for line in briefing.lines if line.evidence)
    assert "1 of 3 articles mentions “Weston by-election”." in get_missing(briefing)


def test_sentence_that_points_back_is_shown_when_no_other_has_the_words() -> None:
    briefing = brief("Weston by-election", NEWS, "It followed the Weston by-election of last year in the north.")
    assert any("Weston by-election" in line.text for line in briefing.lines if line.evidence)


def test_words_that_most_articles_have_need_no_note() -> None:
    briefing = brief("Easton vote", NEWS, NEWS.replace("vowed", "promised"))
    assert not any("mention" in text for text in get_missing(briefing))


def test_no_question_changes_nothing() -> None:
    assert not any("“”" in text for text in get_missing(brief("", NEWS)))


def test_words_in_separate_sentences_are_reported() -> None:
    briefing = brief("Easton library", NEWS, "The library of the school burned down in the night, police said.")
    assert "No sentence has all of the words “Easton library”." in get_missing(briefing)


def test_words_that_only_a_speaker_says_are_shown_as_a_quotation() -> None:
    speech = (
        'Jane Roe, the mayor of Easton, spoke to members on Monday. "We met in the hall for the whole night and nobody '
        "wanted to go home before the end of it all. We then heard that our friend had won the Weston by-election "
        'in the north by forty votes," Roe said. '
    )
    briefing = brief("Weston by-election", NEWS, speech + NEWS)
    lines = [line for line in briefing.lines if line.evidence and "Weston by-election" in line.text]
    assert [(line.slot, line.speaker.name if line.speaker else "") for line in lines] == [(Slot.QUOTES, "Jane Roe")]


def test_line_with_the_words_is_not_repeated() -> None:
    briefing = brief("heckler", NEWS.replace("vowed", "told a heckler that she vowed"))
    texts = [line.text for line in briefing.lines if line.evidence]
    assert sum("heckler" in text for text in texts) == 1
