"""The quotes slot prefers frequently quoted speakers and passages that need no context."""

from dataclasses import replace

from briefings.compose import compose
from briefings.compose.candidates import Candidates
from briefings.compose.quote_slot import QuoteSelector
from briefings.compose.selection import WordBudget
from briefings.model import Line, Slot
from tests.support.articles import analyse_articles, make_article


def compose_quotes(*texts: str, words: int = 100) -> list[Line]:
    articles = [make_article(text, f"a{number}", f"Paper {number}") for number, text in enumerate(texts)]
    return list(compose("s", "S", analyse_articles(*articles), max_words=words).get_slot_lines(Slot.QUOTES))


def test_later_passage_that_refers_back_is_not_shown() -> None:
    text = '"Some members want another leader in her post before the conference of the party in the autumn. '
    text += 'They made that abundantly clear to everybody," said Jane Roe.'
    assert not any(line.text.startswith("They") for line in compose_quotes(text, words=400))


def test_speaker_in_every_article_comes_before_speaker_in_one() -> None:
    frequent_quote = '"The members elected the leader of this party," said Jane Roe.'
    rare_quote = '"The unions funded the campaign of this party," said John Doe.'
    texts = (f"{frequent_quote}\n{rare_quote}", frequent_quote.replace("party", "party again"))
    lines = compose_quotes(*texts, words=60)
    assert lines[0].speaker is not None
    assert lines[0].speaker.name == "Jane Roe"


def test_quote_in_a_difference_is_not_repeated() -> None:
    texts = (
        'Jane Roe said: "Yes, I am here for the harbour vote."',
        'Jane Roe said: "Yes, I am here for the harbour vote tomorrow."',
    )
    assert compose_quotes(*texts, words=400) == []


def select_quotes(
    *texts: str, words: int = 400, news: tuple[str, ...] = (), titles: tuple[str, ...] = ()
) -> list[Line]:
    articles = [
        replace(make_article(text, f"a{number}", f"Paper {number}"), title=titles[number] if titles else None)
        for number, text in enumerate(texts)
    ]
    budget = WordBudget(words)
    budget.release(words)
    selector = QuoteSelector(Candidates(analyse_articles(*articles)), budget, news_texts=news)
    selector.select()
    return selector.to_lines()


def test_quotation_that_the_news_tells_is_not_repeated() -> None:
    text = 'Jane Roe said: "I did everything that I could."\n"The harbour will stay open all winter," said John Doe.'
    news = ("Jane Roe told a crowd “I did everything that I could” before the vote.",)
    assert [line.speaker.name for line in select_quotes(text, news=news) if line.speaker] == ["John Doe"]


def test_quotation_about_the_news_comes_first() -> None:
    text = (
        '"The weather in the town was very pleasant," said Jane Roe.\n'
        '"The ballot of members has no standing at all," said John Doe.'
    )
    lines = select_quotes(text, news=("The leader lost a ballot of the members.",))
    assert lines[0].speaker is not None
    assert lines[0].speaker.name == "John Doe"


def test_voice_has_at_most_two_passages() -> None:
    subjects = ["harbour", "railway", "hospital", "library", "market"]
    text = "\n".join(f'"The {subject} of Easton will stay open," said Jane Roe.' for subject in subjects)
    assert len(select_quotes(text)) <= 2


def test_person_in_the_headline_comes_before_a_bystander() -> None:
    opening = "It rained in Easton all day. The streets were empty. The shops had shut. The buses were late.\n"
    text = (
        f'{opening}"The harbour was closed to every ship," said John Doe.\n'
        '"The harbour was closed to every boat," said Jane Roe.'
    )
    lines = select_quotes(text, titles=("Jane Roe closes the harbour",))
    assert lines[0].speaker is not None
    assert lines[0].speaker.name == "Jane Roe"


def test_reply_stands_beside_what_it_answers() -> None:
    text = (
        '"The harbour must be closed to every ship at once," said Jane Roe.\n'
        '"The railway should be sold to the town council," said Peter Poe.\n'
        '"What Roe wants would ruin every captain in the port," said John Doe.'
    )
    names = [line.speaker.name for line in select_quotes(text) if line.speaker]
    assert abs(names.index("John Doe") - names.index("Jane Roe")) == 1


def test_sentence_that_repeats_a_selected_quotation_is_listed() -> None:
    text = (
        '"I will return to private life as a proud captain of Easton," said Jane Roe.\n'
        "Roe said she would return to private life.\nThe council of Weston raised the tax on boats."
    )
    candidates = Candidates(analyse_articles(make_article(text, "a", "Paper")))
    budget = WordBudget(400)
    budget.release(400)
    selector = QuoteSelector(candidates, budget)
    selector.select()
    places = selector.list_quoted_places()
    assert [span.of(text) for _, span in sorted(places, key=lambda place: place[1].start)][-1:] == [
        "Roe said she would return to private life."
    ]


def test_weak_second_passage_of_a_voice_does_not_fill_the_slot() -> None:
    text = (
        '"The council voted to close the harbour of Easton on Friday," said Jane Roe.\n'
        '"I am grateful to the captains of the fishing fleet," said Jane Roe.'
    )
    assert [line.text for line in select_quotes(text)] == ["The council voted to close the harbour of Easton on Friday"]
