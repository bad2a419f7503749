"""Read the meta tags of a page by the many names under which publishers state title, authors, day and outlet.

Rule: names are compared without case and punctuation, so "DC.date.issued" and "dc:date_issued" are one.
Rule: a tag for a change ("modified", "updated") is never a day of publication.
"""

import re
from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

MetaTags = Mapping[str, list[str]]

#: maximum number of meta tags that are read, and of values of one name
_MAX_TAGS, _MAX_VALUES = 1_000, 50
_TITLE_NAMES = "ogtitle twittertitle citationtitle dctitle dctermstitle parselytitle sailthrutitle"
_AUTHOR_NAMES = (
    "author citationauthor dccreator dctermscreator parselyauthor articleauthor ogarticleauthor sailthruauthor "
    "articleauthorname byl byline authors rnewsauthor cxenseparseauthor dcauthor bylines"
)
_OUTLET_NAMES = "ogsitename citationjournaltitle dcpublisher dctermspublisher publisher rnewspublisher articlepublisher"
#: the most certain names first; each is a source of its own
_DAY_NAMES = (
    "articlepublishedtime ogarticlepublishedtime articlepublished datepublished publisheddate publishdate "
    "publicationdate originalpublicationdate firstpublished firstpublishedat govukfirstpublishedat dcdateissued "
    "dctermsissued dctermsdateissued dcissued rnewsdatepublished sailthrudate parselypubdate pubdate "
    "cxenseparserecspublishtime citationpublicationdate citationonlinedate citationdate prismpublicationdate pdate "
    "ptime articledateoriginal articledate displaydate releasedate dateissued publishedat publishedtime publishtime "
    "published ogpublishdate ogpubdate"
)
#: ends of names in the namespaces of publishers, such as "tribune:published_time"
_DAY_NAME_ENDS = re.compile(
    r"(?:publish(?:ed)?(?:time|date|datetime|at|on)|publicationdate|pubdate|date(?:published|issued)|firstpublished)$"
)
_OTHER_DAY = re.compile(
    r"modif|updat|revis|expir|embargo|unpubl|event|product|video|comment|author|related|next|prev|last"
)
#: names that do not say which day they mean, and days on which the article was created
_WEAK_DAY_NAMES = "date dcdate dctermsdate dctermscreated dcdatecreated dccreated dctermsdatecreated rnewsdatecreated"


def collect_meta_tags(tags: Iterator[HtmlElement]) -> MetaTags:
    """Return the contents of meta tags by name, without case and punctuation."""
    contents_by_name: dict[str, list[str]] = {}
    for _, tag in zip(range(_MAX_TAGS), tags, strict=False):
        content = tag.get("content")
        name = tag.get("property") or tag.get("name") or _get_header_name(tag, content or "")
        if content and name:
            contents_by_name.setdefault(re.sub(r"[^a-z0-9]", "", name[:100].lower()), []).append(content)
    return contents_by_name


def get_titles(meta_tags: MetaTags) -> list[str]:
    """Return the titles that meta tags state, the most certain first."""
    return [value for name in _TITLE_NAMES.split() for value in meta_tags.get(name, [])[:1]]


def get_author_lists(meta_tags: MetaTags) -> list[list[str]]:
    """Return the authors that each kind of meta tag states, the most certain first."""
    return [meta_tags[name][:_MAX_VALUES] for name in _AUTHOR_NAMES.split() if name in meta_tags]


def get_outlets(meta_tags: MetaTags) -> list[str]:
    """Return the outlets that meta tags state, the most certain first."""
    return [value for name in _OUTLET_NAMES.split() for value in meta_tags.get(name, [])[:1]]


def get_day_lists(meta_tags: MetaTags) -> Iterator[list[str]]:
    """Yield the days of publication that each kind of meta tag states, the most certain first."""
    names = _DAY_NAMES.split()
    other_names = [name for name in meta_tags if _DAY_NAME_ENDS.search(name) and name not in names]
    other_names = [name for name in other_names if not _OTHER_DAY.search(name)]
    for name in (*names, *other_names, *_WEAK_DAY_NAMES.split()):
        if name in meta_tags:
            yield meta_tags[name][:_MAX_VALUES]


def _get_header_name(tag: HtmlElement, content: str) -> str:
    """Return the name of a tag that stands for an HTTP header. A date with a time is that of the response."""
    name: str = tag.get("http-equiv") or ""
    return "" if name.lower() == "date" and ":" in content else name
