"""Renders the news of some days as text for a terminal: each story with its line, and what opens its briefing."""

from briefings.model import Slot
from briefings.render.terminal import Style, format_bold, format_count, format_link, make_printable, wrap_text
from briefings.report import NewsBriefing, NewsStory
from briefings.source_labels import get_source_name
from briefings.text.dates import format_day


def render_news(value: NewsBriefing, style: Style) -> str:
    """Render the stories, or say where the newest articles are."""
    title = make_printable(value.title)
    if not value.stories:
        newest = f" The newest are from {format_day(value.newest_day)}." if value.newest_day else ""
        return f"{title}: no articles.{newest}"
    names = {source.id: get_source_name(source) for source in value.sources}
    output_lines = [format_bold(title, style), ""]
    for story in value.stories:
        outlets = format_count(story.outlets, "independent outlet" if story.outlets > 1 else "outlet")
        name = format_bold(make_printable(story.name), style)
        output_lines.append(f"{name} ({outlets}, {format_count(story.articles, 'article')})")
        output_lines += [*_render_line(story, names, style), f"  briefing: {make_printable(story.words)}", ""]
    stories = "1 story" if value.story_count == 1 else f"{value.story_count:,} stories"
    prefix = f"The top {len(value.stories)} of {stories}" if value.story_count > len(value.stories) else stories
    total = format_count(value.article_count, "article")
    articles = total if value.read_count >= value.article_count else f"{value.read_count:,} of {total}"
    output_lines.append(f"{prefix} in {articles}. Every line is verbatim.")
    return "\n".join(output_lines)


def _render_line(story: NewsStory, names: dict[str, str], style: Style) -> list[str]:
    line = story.line
    if line is None:
        return []
    evidence = line.evidence[0]
    speaker = f"{make_printable(line.speaker.name)}: " if line.speaker else ""
    text = make_printable(line.text)
    words = wrap_text(f"{speaker}{f'“{text}”' if line.slot is Slot.QUOTES else text}", style, first_indent="  ")
    return [*words, f"  {format_link(names.get(evidence.article, 'unknown outlet'), evidence.link, style)}"]
