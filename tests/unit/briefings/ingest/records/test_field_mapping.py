"""The fields of a record are read under many names; a bad one is left out, and a summary is no text."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from briefings.errors import BadInput
from briefings.model import Article
from tests.unit.briefings.ingest.records.json_records import DAY, MARKUP, TEXT, URL, read


def read_one(tmp_path: Path, value: object, **columns: str) -> Article:
    (article,), observer = read(tmp_path, value, **columns)
    assert not observer.errors
    return article


@pytest.mark.parametrize("name", ["BODY", "Full Text", "full-text", "articleBody", "body_text", "Maintext", "content"])
def test_names_are_read_in_any_case_and_punctuation(tmp_path: Path, name: str) -> None:
    assert read_one(tmp_path, {name: TEXT, "description": "x"}).text == TEXT


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"date": "2016-06-30", "date_modified": "2017-01-01"}, DAY),
        ({"created_at": "2016-06-30"}, None),
        ({"updated": "2016-06-30"}, None),
        ({"timestamp": "2016-06-30"}, None),
        ({"date_download": "2016-06-30"}, None),
        ({"published": "", "date": "2016-06-30"}, DAY),
        ({"published": "soon", "date": "2016-06-30"}, DAY),
        ({"date": "2016-06-30 10:00:00 UTC"}, DAY),
        ({"date": "30 June 2016"}, DAY),
        ({"date": 1467280800}, DAY),
        ({"date": 20160630}, DAY),
        ({"date": "2016-06-30T23:50:00-05:00"}, DAY),
    ],
)
def test_only_days_of_publication_are_read(tmp_path: Path, fields: dict[str, object], expected: date | None) -> None:
    assert read_one(tmp_path, {"id": "a", "text": TEXT, **fields}).published == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "tribune.example"}, None),
        ({"source": "https://tribune.example"}, None),
        ({"source": {"id": None, "name": "The Tribune"}}, "The Tribune"),
        ({"source_domain": "tribune.example"}, None),
        ({"source": 7}, None),
        ({"source": "tribune.example", "site_name": "The Tribune"}, "The Tribune"),
        ({"medium": "print"}, None),
    ],
)
def test_a_host_or_a_number_is_no_outlet(tmp_path: Path, fields: dict[str, object], expected: str | None) -> None:
    (article,), observer = read(tmp_path, {"id": "a", "text": TEXT, **fields})
    assert article.publisher == expected
    assert not observer.warnings


@pytest.mark.parametrize(
    "value",
    [
        *("unknown", "true", "en", "en-US", "German", "A1", "v2", "CC-MAIN-2016-30", "n/a", "none", "null", "-", "?"),
        *("iphone", "Twitter Web App", "Twitter for Android", "Harbour for iPad", "web", "mobile", "desktop app"),
        *("api", "RSS", "rss_feed", "Harbour API", "crawler", "web-scraper", "scraped", "manual", "import", "test"),
        *("LexisNexis", "Lexis Nexis Academic", "Factiva", "ProQuest", "ProQuest Central", "Common Crawl"),
    ],
)
@pytest.mark.parametrize("name", ["source", "provider", "news_source"])
def test_a_database_a_device_or_a_code_is_no_outlet(tmp_path: Path, name: str, value: str) -> None:
    (article,), observer = read(tmp_path, {"id": "a", "text": TEXT, name: value})
    assert article.publisher is None
    assert not observer.warnings


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"source": "Easton24"}, "Easton24"),
        ({"source": "AP"}, "AP"),
        ({"source": "Al-Bahr"}, "Al-Bahr"),
        ({"source": "The Web Tribune"}, "The Web Tribune"),
        ({"publisher": "Reader"}, "Reader"),
        ({"publisher": "Factiva"}, "Factiva"),
        ({"publisher": "Unknown"}, None),
        ({"outlet": "N/A", "source": "The Tribune"}, "The Tribune"),
        ({"source": "Harbour Client", "author_id": 4}, None),
        ({"source": "Harbour Client", "Retweets": 4}, None),
        ({"source": "Harbour Client", "in_reply_to_status_id": None}, None),
        ({"source": "Harbour Client", "tweet_id": "7", "publisher": "The Tribune"}, "The Tribune"),
    ],
)
def test_only_a_name_is_an_outlet(tmp_path: Path, fields: dict[str, object], expected: str | None) -> None:
    assert read_one(tmp_path, {"id": "a", "text": TEXT, **fields}).publisher == expected


def test_names_have_no_control_characters(tmp_path: Path) -> None:
    name = "\u001b[31mRed\u001b[0m \u001b]0;t\u0007\u202eRoe\u0085\tPoe\u2066"
    article = read_one(tmp_path, {"id": "a", "text": f"{TEXT}\u202e", "title": name, "byline": name, "source": name})
    assert (article.title, article.byline, article.publisher) == ("Red Roe Poe",) * 3
    assert article.text == f"{TEXT}\u202e"


@pytest.mark.parametrize(
    ("value", "byline"),
    [
        (["Ann Roe", "Bo Poe", "Ann Roe"], "Ann Roe, Bo Poe"),
        ([{"name": "Ann Roe"}, {"name": "Bo Poe"}], "Ann Roe, Bo Poe"),
        ("['Ann Roe', 'Bo Poe']", "Ann Roe, Bo Poe"),
        ("By Ann Roe", "Ann Roe"),
        ({"original": "By Ann Roe", "person": []}, "Ann Roe"),
        ([], None),
        ("[]", None),
    ],
)
def test_authors_become_one_byline(tmp_path: Path, value: object, byline: str | None) -> None:
    assert read_one(tmp_path, {"id": "a", "text": TEXT, "author": value}).byline == byline


BAD_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "url without scheme": ({"url": "tribune.example/a"}, '"url" is not a web address'),
    "url with a space": ({"url": "https://a b"}, '"url" is not a web address'),
    "broken url": ({"url": "http://["}, '"url" is not a web address'),
    "relative url": ({"url": "//host/a"}, '"url" is not a web address'),
    "no date": ({"published": "June"}, '"published" is not a day that we can read'),
    "true as a date": ({"published": True}, '"published" is true or false'),
    "two readings": ({"date": "06/07/2016"}, '"date" may put the day or the month first'),
    "zero of a program": ({"date": "0001-01-01T00:00:00Z"}, '"date" is not a day that we can read'),
    "week without a day": ({"date": "2016-W26"}, '"date" is not a day that we can read'),
    "zero of a clock": ({"date": "1970-01-01T00:00:00Z"}, '"date" is not a day that we can read'),
    "long outlet": ({"publisher": "y" * 501}, '"publisher" is longer than 500'),
    "long title": ({"title": "y" * 4_001}, '"title" is longer than 4,000'),
    "object as outlet": ({"publisher": {"x": 1}}, '"publisher" is an object'),
    "number as byline": ({"byline": 7}, '"byline" is a number'),
    "half a surrogate": ({"title": "\udfff"}, '"title" holds half of a surrogate pair'),
}


@pytest.mark.parametrize(("fields", "message"), BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_a_bad_optional_field_is_left_out_with_a_warning(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    (article,), observer = read(tmp_path, {"id": "a", "text": TEXT, **fields})
    assert article == Article("a", TEXT)
    (warning,) = observer.warnings
    assert warning.startswith(f"news.json, line 1: {message}")
    assert warning.endswith(", so it was left out.")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": 518}, "518"),
        ({"_id": "x"}, "x"),
        ({"url": URL}, URL),
        ({"id": None, "url": URL}, URL),
        ({"id": "", "url": URL}, URL),
        ({"id": "a\nb", "url": URL}, URL),
        ({"id": "y" * 501, "url": URL}, URL),
        ({"id": 1.5, "url": URL}, URL),
        ({"id": True, "url": URL}, URL),
        ({"id": {"x": 1}, "url": URL}, URL),
    ],
)
def test_an_id_is_the_own_one_or_the_url(tmp_path: Path, fields: dict[str, object], expected: str) -> None:
    assert read_one(tmp_path, {"text": TEXT, **fields}).id == expected


def test_without_id_and_url_the_text_gives_the_id(tmp_path: Path) -> None:
    first, again, other = read(tmp_path, [{"text": TEXT}, {"text": TEXT}, {"text": "Other."}])[0]
    assert first.id == again.id
    assert first.id.startswith("news/")
    assert other.id != first.id


def test_the_address_of_a_site_is_no_id(tmp_path: Path) -> None:
    articles, _ = read(tmp_path, [{"text": str(number), "url": "https://tribune.example/"} for number in range(2)])
    assert len({article.id for article in articles}) == 2


@pytest.mark.parametrize("name", ["abstract", "description", "summary", "highlights", "snippet", "trailText"])
def test_a_summary_is_no_text(tmp_path: Path, name: str) -> None:
    articles, observer = read(tmp_path, {"id": "a", "title": "T", name: "A short summary."})
    assert not articles
    assert observer.errors == [f'news.json, line 1 has only a summary ("{name}"). Add the whole text of the article.']


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "The council voted… [+1234 chars]"}, "The council voted…"),
        ({"content": "The council voted... [2473 chars]"}, "The council voted..."),
        ({"lead_paragraph": "The council voted.", "abstract": "x"}, "The council voted."),
    ],
)
def test_the_beginning_of_an_article_is_taken_with_a_warning(
    tmp_path: Path, fields: dict[str, object], text: str
) -> None:
    (article,), observer = read(tmp_path, {"id": "a", **fields})
    assert article.text == text
    assert "is only the beginning of the article" in observer.warnings[0]


@pytest.mark.parametrize("content", ["[Removed]", "ONLY AVAILABLE IN PAID PLANS"])
def test_a_placeholder_is_no_text(tmp_path: Path, content: str) -> None:
    articles, observer = read(tmp_path, {"articles": [{"title": "T", "content": content, "url": URL}]})
    assert not articles
    assert observer.errors


def test_markup_without_closing_tags_is_read_in_one_pass(tmp_path: Path) -> None:
    assert read(tmp_path, {"id": "a", "body": "<aside><p>" * 100_000 + "One two."})[1] is not None


def test_markup_in_our_own_field_stays(tmp_path: Path) -> None:
    assert read_one(tmp_path, {"id": "a", "text": MARKUP}).text == MARKUP


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([1, 2, 3], "is JSON without articles"),
        ([{"a": 1, "b": 2}] * 30, "none of its 30 records has a text. The first has the fields"),
        ([{"title": "T", "abstract": "x"}] * 3, "contains only summaries, in 3 records"),
        ([], "contains no articles"),
        ([{"id": "a", "text": None}], '"text" must be text in quotation marks, not null'),
        ({"id": "a", "pubstatus": "canceled", "body_text": TEXT}, "was withdrawn by its sender"),
    ],
)
def test_a_file_without_articles_is_one_error(tmp_path: Path, value: object, message: str) -> None:
    try:
        articles, observer = read(tmp_path, value)
    except BadInput as error:
        assert message in str(error)  # noqa: PT017 - a file without records is refused as a whole
        return
    assert not articles
    assert len(observer.errors) == 1
    assert message in observer.errors[0]
    assert "\n" not in observer.errors[0]


def test_user_names_the_fields(tmp_path: Path) -> None:
    article = read_one(tmp_path, {"a": TEXT, "text": "x", "b": "The Tribune"}, text="a", outlet="b")
    assert (article.text, article.publisher) == (TEXT, "The Tribune")
