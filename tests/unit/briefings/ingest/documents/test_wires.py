"""Wire items give their own text, headline, byline, day and provider; unsafe XML and withdrawn items are refused."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest.context import ReadOptions
from briefings.ingest.documents.wires import newsml, nitf
from briefings.ingest.documents.wires.safe_xml import parse_xml
from briefings.model import Article

TEXT = "The library in Easton stays open.\n“We listened,” said Ann Poe."
PARAGRAPHS = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))


def build_nitf(
    docdata: str = "", byline: str = "By Jane Roe", content: str = PARAGRAPHS, head: str = "", more: str = ""
) -> str:
    return (
        f"<nitf><head><title>Easton-library</title><docdata>{docdata}</docdata>{head}</head><body><body.head><hedline>"
        f"<hl1>Library stays open</hl1><hl2>No change</hl2></hedline><byline>{byline}</byline>{more}"
        f"<dateline><location>EASTON</location></dateline></body.head><body.content>{content}</body.content>"
        "<body.end><tagline>Reporting by Bob Coe</tagline></body.end></body></nitf>"
    )


def build_item(
    meta: str = "<versionCreated>2016-06-30T22:30:00-04:00</versionCreated>",
    content: str | None = None,
    attributes: str = 'guid="urn:newsml:tribune.example:1" version="1"',
    kind: str = "text",
) -> str:
    content = content or f"<inlineXML contenttype='application/nitf+xml'>{build_nitf()}</inlineXML>"
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" {attributes}><itemMeta>'
        f'<itemClass qcode="ninat:{kind}"/>'
        f'<provider qcode="nprov:TRB"><name>The Tribune</name></provider>{meta}</itemMeta><contentMeta>'
        "<contentCreated>2016-06-01T10:00:00Z</contentCreated><by>By Jane Roe</by>"
        "<headline>Library stays open</headline>"
        f"</contentMeta><contentSet>{content}</contentSet></newsItem>"
    )


def read_nitf(text: str) -> Article:
    [article] = nitf.read(text.encode(), "a.xml", "a", ReadOptions())
    assert isinstance(article, Article)
    return article


def read_newsml(text: str) -> list[Article | BadInput]:
    return list(newsml.read(text.encode(), "a.xml", "a", ReadOptions()))


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "http://iptc.example/nitf-3-4.dtd">',
        "<!-- a comment -->",
    ],
)
def test_an_nitf_file_gives_its_own_text_and_fields(prefix: str) -> None:
    docdata = '<date.issue norm="20160630T223000-0400"/><doc.copyright holder="Easton Holding"/>'
    article = read_nitf(prefix + build_nitf(docdata))
    assert (article.id, article.text, article.title) == ("a", TEXT, "Library stays open")
    assert (article.byline, article.publisher, article.published) == ("Jane Roe", None, date(2016, 6, 30))


@pytest.mark.parametrize(
    ("docdata", "head", "day"),
    [
        ('<date.issue norm="20160630"/>', "", date(2016, 6, 30)),
        ('<date.release norm="20160630T000000Z"/>', "", date(2016, 6, 30)),
        ('<date.issue norm="20160629"/><date.release norm="20160630"/>', "", None),
        ('<date.issue norm="20160629"/>', '<pubdata date.publication="20160630"/>', date(2016, 6, 30)),
        ("", '<pubdata date.publication="20160630"/><pubdata date.publication="20160701"/>', None),
        ('<date.expire norm="20170630"/>', "", None),
        ('<date.issue norm="201606"/>', "", None),
        ('<date.issue norm="yesterday"/>', "", None),
    ],
)
def test_the_day_is_the_day_of_publication(docdata: str, head: str, day: date | None) -> None:
    assert read_nitf(build_nitf(docdata, head=head)).published == day


@pytest.mark.parametrize(
    ("head", "more", "outlet"),
    [
        ('<pubdata name="The Tribune"/>', "<distributor>Easton Wire</distributor>", "The Tribune"),
        ("", "<distributor><org>Easton Wire</org></distributor>", "Easton Wire"),
        ('<pubdata name="The Tribune"/><pubdata name="The Courier"/>', "", None),
        ("", "", None),
    ],
)
def test_the_outlet_is_the_publication_or_the_distributor(head: str, more: str, outlet: str | None) -> None:
    assert read_nitf(build_nitf(head=head, more=more)).publisher == outlet


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Jane Roe", "Jane Roe"),
        (
            "By <person>Jane Roe</person> and <person>John Doe</person><byttl>Staff Writers</byttl>",
            "Jane Roe, John Doe",
        ),
        ("<bytag>By Jane Roe</bytag>", "Jane Roe"),
        ("", None),
    ],
)
def test_the_byline_names_the_people(byline: str, expected: str | None) -> None:
    assert read_nitf(build_nitf(byline=byline)).byline == expected


def test_media_notes_and_tables_of_nitf_are_kept_apart() -> None:
    content = (
        "<note><p>Editors: do not use.</p></note><block><p>The <em>library</em> stays <q>open</q>.</p>"
        "<media><media-caption>A picture</media-caption></media><hl2>Vote</hl2><bq><block><p>We listened.</p></block>"
        "<credit>Ann Poe</credit></bq>"
        "<ul><li>One</li><li>Two</li></ul></block>&nbsp;<p>Caf&eacute;</p>"
    )
    article = read_nitf(build_nitf(content=content))
    assert article.text == "The library stays open.\nVote\nWe listened.\nAnn Poe\nOne\nTwo\nCafé"
    assert [span.of(article.text) for span in article.quotation_elements] == ["open", "We listened."]


def test_a_newsml_item_gives_its_text_and_fields() -> None:
    [article] = read_newsml('<?xml version="1.0"?>' + build_item())
    assert isinstance(article, Article)
    assert (article.id, article.text, article.title) == ("urn:newsml:tribune.example:1", TEXT, "Library stays open")
    assert (article.byline, article.publisher, article.published) == ("Jane Roe", "The Tribune", date(2016, 6, 30))


@pytest.mark.parametrize(
    "content",
    [
        f"<inlineXML contenttype='application/nitf+xml'>{build_nitf()}</inlineXML>",
        f"<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{PARAGRAPHS}</body></html></inlineXML>",
        f"<inlineData contenttype='text/plain'>{TEXT}</inlineData>",
        f"<remoteContent href='a.jpg'/><inlineData>\n  {TEXT}\n</inlineData>",
    ],
)
def test_each_way_to_hold_the_text_is_read(content: str) -> None:
    [article] = read_newsml(build_item(content=content))
    assert isinstance(article, Article)
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("meta", "attributes", "day"),
    [
        (
            "<firstCreated>2016-06-29T10:00:00Z</firstCreated><versionCreated>2016-07-02</versionCreated>",
            'version="4"',
            date(2016, 6, 29),
        ),
        ("<versionCreated>2016-07-02T10:00:00Z</versionCreated>", 'version="4"', None),
        ("<versionCreated>2016-06-01T11:00:00Z</versionCreated>", 'version="4"', date(2016, 6, 1)),
        ("<versionCreated>2016-06-30T10:00:00Z</versionCreated><embargoed>2016-07-01T00:00:00Z</embargoed>", "", None),
        (
            "<versionCreated>2016-06-30T10:00:00Z</versionCreated><embargoed>2016-06-30T12:00:00Z</embargoed>",
            "",
            date(2016, 6, 30),
        ),
        ("", "", None),
    ],
)
def test_the_day_is_that_of_the_first_version(meta: str, attributes: str, day: date | None) -> None:
    [article] = read_newsml(build_item(meta, attributes=attributes))
    assert isinstance(article, Article)
    assert (article.published, article.id) == (day, "a")


def test_a_message_gives_its_text_items_and_counts_the_others() -> None:
    items = [
        build_item(),
        build_item(attributes='guid="urn:2"'),
        build_item(kind="picture"),
        build_item("<pubStatus qcode='stat:canceled'/>"),
        "<packageItem/>",
    ]
    articles = read_newsml(f"<newsMessage><header/><itemSet>{''.join(items)}</itemSet></newsMessage>")
    assert [article.id for article in articles if isinstance(article, Article)] == [
        "urn:newsml:tribune.example:1",
        "urn:2",
    ]
    assert [str(error) for error in articles if isinstance(error, BadInput)] == [
        "a.xml, item 4 was withdrawn by its publisher (canceled), so it was not taken.",
        "a.xml: 1 item is not text (picture), so nothing was taken from there.",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<NewsML><NewsItem/></NewsML>", "old NewsML 1 file"),
        ("<packageItem/>", "only lists other items"),
        (build_item("<pubStatus qcode='stat:canceled'/>"), "withdrawn"),
        (build_item(kind="picture"), "not text"),
        (build_item(content="<remoteContent/>"), "contains no text"),
        (build_item()[:-40], "damaged"),
        ("<other/>", "is not a NewsML-G2 file"),
    ],
)
def test_an_item_that_is_not_news_text_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=f"^a.xml.*{reason}"):
        read_newsml(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<!DOCTYPE nitf [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><nitf>&b;</nitf>', "custom entities"),
        ('<!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>', "custom entities"),
        ('<!DOCTYPE nitf [<!ENTITY % a SYSTEM "http://e.example/x"> %a;]><nitf/>', "custom entities"),
        ("<nitf>&unknown;</nitf>", "damaged"),
        ("<nitf>" + "<p>" * 5_000 + "</p>" * 5_000 + "</nitf>", "damaged"),
        ("<nitf>" + "<p/>" * 900_000 + "</nitf>", "more than"),
        ("<nitf " + " ".join(f'a{n}="{n}"' for n in range(100)), "damaged"),
        ("", "damaged"),
        ("<nitf/><nitf/>", "damaged"),
        ("<html/>", "not an NITF file"),
        ("<nitf><body/></nitf>", "is empty"),
    ],
)
def test_unsafe_and_damaged_xml_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(BadInput, match=f"^a.xml.*{reason}"):
        read_nitf(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_xml_is_decoded_as_declared(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    data = f'<?xml version="1.0" encoding="{name}"?><nitf>Café</nitf>'.encode(encoding)
    assert parse_xml(data, "a.xml").text == "Café"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_damage_gives_articles_or_a_plain_refusal(data: st.DataObject) -> None:
    good = build_item().encode()
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    try:
        newsml.read(good[:start] + data.draw(st.binary(max_size=20)) + good[end:], "a.xml", "a", ReadOptions())
    except BadInput as error:
        message = str(error)
        assert "\n" not in message
