"""Turn the news of some days into a document: a section for each story, with its headline and its line. Pure.

Rule: a headline is exactly as one article of the story prints it, with this article's outlet, day and link.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from briefings.article.citation import clean_page_url
from briefings.exports.documents import Articles, build_line_passages, list_references
from briefings.exports.model import Document, Passage, Place, Section, Voice
from briefings.model import Source
from briefings.render.answers import to_json
from briefings.report import NewsBriefing, NewsStory
from briefings.source_labels import get_outlet_name, get_source_name


def build_news(news: NewsBriefing, articles: Articles, created: date) -> Document:
    """Return the document of the news, the stories in the answer's order. `articles` has the stored articles by id."""
    sections = tuple(Section(story.name, tuple(_build_passages(story, news))) for story in news.stories)
    references = list_references(sections, articles)
    # of an article that was removed meanwhile, the answer still knows the title
    titles = {story.lead.id: story.lead.title for story in news.stories if story.lead}
    references = tuple(
        replace(reference, title=reference.title or titles.get(reference.id)) for reference in references
    )
    return Document(news.title, "News", sections, references, created, (_describe_scope(news),), to_json(news))


def build_headline_passage(lead: Source, outlets: int) -> Passage:
    """Return the headline of an article, for a story that is in `outlets` independent outlets."""
    name, link = get_source_name(lead), clean_page_url(lead.url)
    # a headline is not a part of the text, so its place has no characters
    place = Place(lead.id, 0, 0, name, get_outlet_name(lead), lead.published, link)
    return Passage(lead.title or "", Voice.HEADLINE, (place,), outlets=outlets)


def _build_passages(story: NewsStory, news: NewsBriefing) -> Iterator[Passage]:
    if story.lead and story.lead.title:
        yield build_headline_passage(story.lead, story.outlets)
    if story.line:
        yield from build_line_passages(story.line, news.sources)
    elif not (story.lead and story.lead.title):
        yield Passage("No headline, and no sentence that is clear without its context.", Voice.PROGRAM)


def _describe_scope(news: NewsBriefing) -> str:
    """Return how many stories and articles there are: "The top 8 of 12 stories in 40 articles."."""
    stories = "1 story" if news.story_count == 1 else f"{news.story_count:,} stories"
    prefix = f"The top {len(news.stories)} of {stories}" if news.story_count > len(news.stories) else stories
    total = "1 article" if news.article_count == 1 else f"{news.article_count:,} articles"
    articles = total if news.read_count >= news.article_count else f"{news.read_count:,} of {total}"
    return f"{prefix} in {articles}, those of most independent outlets first."
