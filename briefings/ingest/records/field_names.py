"""Find which fields of a record mean what: the names under which tools and interfaces write an article's fields.

Rule: names are compared without case, spaces, underscores, hyphens and dots. Of several names, the first here wins.
Rule: a day of crawling, creation or modification is not a day of publication, and a host is not an outlet's name.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice

#: our fields, in the order in which a mapping is shown
FIELD_NAMES = ("id", "text", "title", "publisher", "published", "url", "byline")
#: other names for our fields in `--columns`
_FIELD_ALIASES = {
    "outlet": "publisher",
    "date": "published",
    "author": "byline",
    "headline": "title",
    "link": "url",
    "body": "text",
}
_NAMES: dict[str, str] = {
    "id": "id article_id doc_id document_id record_id story_id stories_id news_id post_id item_id guid uuid uri "
    "identifier an accession_no",
    "text": "text full_text body_text article_text article_body main_text news_text story_text post_text text_body "
    "text_content clean_text plain_text content_text article_content full_content body_plain body content article "
    "story news_content post_content story_body contents document raw_text raw_content bodies paragraphs transcript "
    "body_html body_xhtml content_html article_html html "
    "volltext artikeltext inhalt texte contenu texto cuerpo contenido testo contenuto conteudo tekst",
    "title": "title headline web_title hl1 article_title news_title story_title post_title heading headline_main "
    "headline_text headlines title_text titel überschrift titre titulo título titulaire titolo tytuł kop",
    "published": "published date_published published_at published_date published_on publish_date date_publish "
    "publication_date date_of_publication web_publication_date published_time publish_time publication_time "
    "first_published first_published_at first_publication_date pub_date article_date news_date story_date post_date "
    "display_date alpha_date date date_time first_created version_created date_time_stamp date_time_pub datum fecha",
    "publisher": "publisher outlet outlet_name publication publication_name publication_title newspaper "
    "newspaper_name media_name media_outlet media_title news_outlet news_source source_name source_title source "
    "site_name og_site_name meta_site_name source_site_name publisher_name pub_title paper provider provider_name "
    "infosources site website medium media origin source_hostname quelle zeitung journal periodico testata",
    "url": "url link web_url article_url article_link canonical_url canonical_link canonical page_url news_url "
    "story_url post_url document_url permalink href perma_link original_url final_url loc",
    "byline": "byline author authors author_name author_names by_line by writer writers creator creators dc_creator "
    "journalist journalists reporter reporters article_author post_author bylines autor autoren auteur auteurs autore",
}
#: fields that hold the beginning of an article's text
BEGINNING_NAMES = ("leadparagraph",)
#: names of fields that hold an outlet and nothing else
OUTLET_NAMES = frozenset({"publisher", "outlet"})
#: fields of posts of social media, whose "source" is the program that sent them
_POST_NAMES_TEXT = (
    "authorid retweets retweetcount retweetscount tweetid tweet tweettext inreplyto inreplytostatusid inreplytouserid "
    "inreplytoscreenname inreplytotweetid conversationid favoritecount favouritecount likecount quotecount isretweet "
    "retweeted retweetedstatus publicmetrics possiblysensitive referencedtweets screenname"
)
_POST_NAMES = frozenset(_POST_NAMES_TEXT.split())
_SUMMARY_NAMES = frozenset(
    {
        "abstract",
        "abstracttext",
        "articleabstract",
        "dek",
        "description",
        "excerpt",
        "highlights",
        "intro",
        "introduction",
        "lead",
        "metadescription",
        "ogdescription",
        "shortdescription",
        "snippet",
        "standfirst",
        "subheadline",
        "summary",
        "teaser",
        "trailtext",
    }
)
#: maximum number of names that are looked at, and maximum length of one
_MAX_NAMES, _MAX_LENGTH = 5_000, 200
_IGNORED_CHARACTERS = re.compile(r"[\s_\-.:]+")


def normalise_name(name: str) -> str:
    """Return a name without case, spaces and punctuation between words."""
    return _IGNORED_CHARACTERS.sub("", name).lower()


_RANKS = {
    field: {normalise_name(name): rank for rank, name in enumerate(names.split())} for field, names in _NAMES.items()
}


def find_candidates(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the names that may hold each of our fields, best first. A field without a name is absent."""
    normalised_names = [(name, normalise_name(name)) for name in islice(names, _MAX_NAMES) if len(name) <= _MAX_LENGTH]
    candidates: dict[str, tuple[str, ...]] = {}
    for field, ranks in _RANKS.items():
        # the exact name comes before its variants ("id" before "_id")
        matches = [(ranks[short], name != field, name) for name, short in normalised_names if short in ranks]
        if field == "publisher" and any(short in _POST_NAMES for _, short in normalised_names):
            matches = [match for match in matches if normalise_name(match[2]) != "source"]
        if matches:
            candidates[field] = tuple(name for _, _, name in sorted(matches, key=lambda match: match[:2]))
    if {"source", "fingerprint"} <= {name for name, _ in normalised_names}:
        candidates["url"] = (*candidates.get("url", ()), "source")  # trafilatura
    return candidates


def find_summary_name(names: Iterable[str]) -> str | None:
    """Return the first name of a summary among `names`, or None."""
    return next((name for name in names if normalise_name(name) in _SUMMARY_NAMES), None)


def resolve_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the user's choice of columns under the names of our fields ("outlet" becomes "publisher")."""
    return {_FIELD_ALIASES.get(field.lower(), field.lower()): column for field, column in columns.items()}


def list_names(names: Iterable[object], limit: int = 15) -> str:
    """Return names for a message, each in quotation marks, shortened and on one line."""
    texts = ["".join(char if char.isprintable() else " " for char in str(name)[:40]) for name in names]
    return ", ".join(f'"{text}"' for text in texts[:limit]) + (", …" if len(texts) > limit else "")
