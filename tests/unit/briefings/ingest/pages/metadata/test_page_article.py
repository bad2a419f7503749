"""The JSON-LD of a page's own article is read, however it is written or damaged, and never a neighbour's."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.ingest.pages.page_metadata import PageMetadata
from tests.support.article_page import JUNE_30, read_metadata

OWN = {
    "@type": "NewsArticle",
    "headline": "The count goes on",
    "datePublished": "2016-06-30T10:00:00Z",
    "author": {"@type": "Person", "name": "Jane Roe"},
    "publisher": {"@type": "Organization", "name": "The Tribune"},
}
RELATED = {
    "@type": "NewsArticle",
    "headline": "Quay closed",
    "url": "https://tribune.example/quay",
    "datePublished": "2011-01-01",
    "author": "Olaf Older",
    "publisher": "The Old Tribune",
}
CANONICAL = '<link rel="canonical" href="https://www.tribune.example/count/">'


def read_json(*objects: object, head: str = "") -> PageMetadata:
    return read_metadata(
        head + "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in objects)
    )


def make_script(text: str, media_type: str = "application/ld+json") -> str:
    return f'<script type="{media_type}">{text}</script>'


OWN_TEXT = json.dumps(OWN)


@pytest.mark.parametrize(
    "script",
    [
        make_script(OWN_TEXT, "application/ld+json; charset=utf-8"),
        make_script(OWN_TEXT, " Application/LD+JSON "),
        make_script(f"<!--\n{OWN_TEXT}\n-->"),
        make_script(f"//<![CDATA[\n{OWN_TEXT}\n//]]>"),
        make_script(f"/*<![CDATA[*/ {OWN_TEXT} /*]]>*/"),
        make_script(f"<![CDATA[{OWN_TEXT}]]>"),
        make_script(f"\ufeff{OWN_TEXT};"),
        make_script(OWN_TEXT[:-1] + ",}"),
        make_script('{"@graph": [' + OWN_TEXT[:-1] + " , } , ] }"),
        make_script('{"@type": "BreadcrumbList"}\n' + OWN_TEXT),
        make_script('{"@type": "BreadcrumbList"},' + OWN_TEXT[:-1] + ",}"),
        make_script(OWN_TEXT + '{"@type": "Broken", '),
        make_script("{ // the article\n /* of today */" + OWN_TEXT[1:]),
        make_script(OWN_TEXT[:-1] + r', "text": "It\'s 5 \\ 6 \"", "url": "https://tribune.example/count"}'),
        make_script(OWN_TEXT.replace("The count", "The\n\tcount")),
        make_script(OWN_TEXT.replace('"', "&quot;")),
        make_script('{"broken": "') + make_script(OWN_TEXT),
        make_script(""),
        make_script(OWN_TEXT).replace("NewsArticle", "http://schema.org/NewsArticle"),
        make_script(OWN_TEXT).replace('"NewsArticle"', '["Thing", "schema:ReportageNewsArticle"]'),
        make_script(OWN_TEXT).replace("NewsArticle", "Report"),
        make_script(OWN_TEXT).replace("NewsArticle", "LiveBlogPosting"),
        make_script(OWN_TEXT).replace("NewsArticle", "BlogPosting"),
    ],
)
def test_json_ld_is_read_in_each_way_that_pages_write_it(script: str) -> None:
    metadata = read_metadata(script)
    if script == make_script(""):
        assert metadata.published is None
    else:
        assert (metadata.published, metadata.byline, metadata.publisher) == (JUNE_30, "Jane Roe", "The Tribune")


@pytest.mark.parametrize(
    "objects",
    [
        [[RELATED, OWN]],
        [RELATED, OWN],
        [{"@graph": [{"@type": "WebSite", "name": "x"}, RELATED, {"@graph": [OWN]}]}],
        [{"@type": "WebPage", "mainEntity": OWN}, RELATED],
        [{"@type": "WebPage", "mainEntityOfPage": OWN}],
        [{"@type": "ItemList", "itemListElement": [RELATED]}, OWN],
        [{"@type": "CollectionPage", "mainEntity": {"@type": "ItemList", "itemListElement": [RELATED]}}, OWN],
        [{**OWN, "hasPart": [RELATED], "mentions": RELATED}],
        [RELATED, {**OWN, "headline": "Harbour", "url": "http://tribune.example/count"}],
        [RELATED, {**OWN, "headline": "Harbour", "@id": "https://www.tribune.example/count/#article"}],
        [RELATED, {**OWN, "headline": "Harbour", "mainEntityOfPage": {"@id": "https://www.tribune.example/count"}}],
        [RELATED, {**OWN, "headline": "The count, still, goes on"}],
        [RELATED, {name: value for name, value in OWN.items() if name != "headline"}],
        [OWN, {**OWN, "datePublished": None}],
        [
            {"@type": "WebPage", "@id": "https://tribune.example/count", "mainEntity": {"@id": "#a"}},
            {"@id": "#b", **RELATED, "url": None, "headline": "Harbour"},
            {"@id": "#a", **OWN, "headline": "Harbour"},
        ],
    ],
)
def test_the_object_of_the_page_is_chosen_among_neighbours(objects: list[object]) -> None:
    metadata = read_json(*objects, head=CANONICAL)
    assert (metadata.published, metadata.byline, metadata.publisher) == (JUNE_30, "Jane Roe", "The Tribune")


@pytest.mark.parametrize(
    "objects",
    [
        [RELATED],
        [[RELATED, {**RELATED, "headline": "Quay open", "url": "https://tribune.example/open"}]],
        [{"@type": "NewsArticle", "datePublished": "2011-01-01", "author": "Olaf Older"}] * 2,
        [{"@type": "ItemList", "itemListElement": [OWN]}],
        [
            {
                "@type": "NewsArticle",
                "headline": "The count",
                "url": "https://tribune.example/old",
                "datePublished": "2011-01-01",
            }
        ],
        [{"@type": "WebPage", "url": "https://tribune.example/old", "datePublished": "2011-01-01"}],
        [{"@type": "Event", "name": "The count goes on", "startDate": "2016-06-30"}],
        [{"@type": "VideoObject", "name": "The count goes on", "uploadDate": "2016-06-30"}],
        [{**OWN, "datePublished": None, "dateModified": "2016-06-30", "author": None, "publisher": None}],
        [
            {**OWN, "author": None, "publisher": None},
            {**OWN, "datePublished": "2016-06-29", "author": "admin", "publisher": ""},
        ],
        ["NewsArticle", 5, None, [[]], {"@type": 5}, {"@type": ["x", None]}],
    ],
)
def test_objects_of_neighbours_alone_give_nothing(objects: list[object]) -> None:
    metadata = read_json(*objects, head=CANONICAL)
    assert (metadata.title, metadata.published, metadata.byline, metadata.publisher) == (
        "The count goes on",
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Jane Roe", "Jane Roe"),
        (["Jane Roe", "Sam Poe"], "Jane Roe, Sam Poe"),
        ([{"name": "Jane Roe"}, "Sam Poe"], "Jane Roe, Sam Poe"),
        ({"@type": "Person", "name": ["Jane Roe", "Sam Poe"]}, "Jane Roe, Sam Poe"),
        ([["Jane Roe"], [{"name": "Sam Poe"}]], "Jane Roe, Sam Poe"),
        ({"@list": [{"name": "Jane Roe"}]}, "Jane Roe"),
        ({"@value": "Jane Roe"}, "Jane Roe"),
        ({"@type": "Person", "givenName": "Jane", "familyName": "Roe"}, "Jane Roe"),
        ({"@id": "#jane"}, "Jane Roe"),
        ([{"@id": "#jane"}, {"@id": "#missing"}], "Jane Roe"),
        ("By Jane Roe", "Jane Roe"),
        (["Jane Roe", "JANE ROE", "admin", "https://tribune.example/jane"], "Jane Roe"),
        ({"name": "Jane Roe", "jobTitle": "Political Editor"}, "Jane Roe"),
        ("Jane Roe, Political Editor", "Jane Roe, Political Editor"),
        ({"@type": "Organization", "name": "The Tribune"}, "The Tribune"),
        ("https://www.facebook.com/janeroe", None),
        ({"name": {"name": {"name": {"name": {"name": {"name": {"name": "Jane Roe"}}}}}}}, None),
        ("admin", None),
        (True, None),
        (17, None),
        (None, None),
    ],
)
def test_authors_in_each_form_become_a_byline(author: object, byline: str | None) -> None:
    person = {"@type": "Person", "@id": "#jane", "name": "Jane Roe"}
    assert read_json({"@graph": [{**OWN, "author": author}, person]}).byline == byline


@pytest.mark.parametrize(
    ("publisher", "outlet"),
    [
        ("The Tribune", "The Tribune"),
        ({"name": "The Tribune"}, "The Tribune"),
        ([{"@type": "Organization", "name": "The Tribune"}], "The Tribune"),
        ({"@id": "#tribune"}, "The Tribune"),
        ({"@id": "https://tribune.example/#missing"}, None),
        ({"@type": "Organization", "logo": "x", "url": "https://tribune.example"}, None),
        ([{"name": "The Tribune"}, {"name": "The Post"}], None),
        ("https://www.facebook.com/tribune", None),
        ("@tribune", None),
    ],
)
def test_publishers_in_each_form_become_the_outlet(publisher: object, outlet: str | None) -> None:
    organisation = {"@type": "NewsMediaOrganization", "@id": "#tribune", "name": "The Tribune"}
    metadata = read_json({"@graph": [{**OWN, "publisher": publisher}, organisation]})
    assert metadata.publisher == outlet


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=20)
        | st.sampled_from(["NewsArticle", "#a", "2016-06-30"]),
        lambda values: (
            st.lists(values, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["@type", "@id", "@graph", "mainEntity", "author", "name", "publisher", "datePublished", "headline"]
                ),
                values,
                max_size=5,
            )
        ),
        max_leaves=30,
    )
)
def test_any_json_ld_gives_storable_metadata(value: object) -> None:
    metadata = read_json(value)
    assert metadata.published is None or metadata.published.year >= 1600
    for text in (metadata.title, metadata.byline, metadata.publisher):
        assert text is None or (text.strip() and text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"@graph":' * 50_000,
        '{"@type": "NewsArticle", "datePublished": "2016-06-30"}' * 3_000,
        '{"a": "' + "\\" * 99_999,
        '{"a": ' + "," * 200_000 + "}",
        "{" + "/*" * 100_000,
        '{"n": ' + "9" * 10_000 + "}",
        '{"@id": "#a", "mainEntity": {"@id": "#a"}, "author": {"@id": "#a"}}' * 2,
    ],
)
def test_hostile_json_ld_gives_nothing_in_bounded_time(text: str) -> None:
    metadata = read_metadata(make_script(text))
    assert (metadata.byline, metadata.publisher) == (None, None)
