"""Which outlet a fetched page is shown as: attacks, honest pages, and the lists behind the decision."""

from importlib.resources import files
from pathlib import Path

import pytest

from briefings.errors import BadInput
from briefings.model import Article, Provenance
from briefings.outlets import (
    KnownOutletJudge,
    Outlet,
    OutletRegistry,
    is_same_site,
    judge,
    load_known_outlets,
    parse_host,
    parse_name,
    read_host,
    read_outlets,
)
from briefings.outlets.outlets_file import _parse

REGISTRY = OutletRegistry(
    [
        Outlet(("The Easton Guardian", "EG"), ("eastonguardian.example", "eguardian.co.uk")),
        Outlet(("The Sunday Easton",), ("eastonguardian.example",)),
        Outlet(("Westport Herald",), ("herald.westport.example",)),
        Outlet(("Новости Истона",), ("novosti.example",)),
    ]
)
_NAME = "The Easton Guardian"

CONFIRMED = [
    (_NAME, "https://eastonguardian.example/a"),
    (_NAME, "https://www.eastonguardian.example/a"),
    (_NAME, "https://EASTONGUARDIAN.EXAMPLE./a"),
    (_NAME, "http://eastonguardian.example:8080/a"),
    (_NAME, "https://sport.eguardian.co.uk/a"),
    ("Easton Guardian", "https://eastonguardian.example/a"),
    ("Sport | Easton Guardian", "https://eastonguardian.example/a"),
    (None, "https://amp.eastonguardian.example/a"),
    # a known host republishes another outlet: the host's outlet is shown
    ("Westport Herald", "https://eastonguardian.example/a"),
    (_NAME, "https://evil.example@eastonguardian.example/a"),
]
CONTRADICTED = [
    (_NAME, "https://evil.example/a", "evil.example"),
    (_NAME, "https://eastonguardian.example.evil.example/a", "eastonguardian.example.evil.example"),
    (_NAME, "https://eastonguardian-news.example/a", "eastonguardian-news.example"),
    (_NAME, "https://noteastonguardian.example/a", "noteastonguardian.example"),
    (_NAME, "https://eastonguardian.example@evil.example/a", "evil.example"),
    (_NAME, "https://evil.example/eastonguardian.example", "evil.example"),
    (_NAME, "https://evil.example#@eastonguardian.example", "evil.example"),
    (_NAME, "https://evil.example?eastonguardian.example", "evil.example"),
    (_NAME, "https://EVIL.example:443/a", "evil.example"),
    (_NAME, "https://192.0.2.7/a", "192.0.2.7"),
    (_NAME, "https://[2001:db8::1]/a", "2001:db8::1"),
    (_NAME, "https://co.uk/a", "co.uk"),
    (_NAME, "https://westport.example/a", "westport.example"),
    ("Westport Herald", "https://evil.westport.example/a", "evil.westport.example"),
    ("the easton guardian", "https://evil.example/a", "evil.example"),
    ("THE  EASTON\u00a0GUARDIAN", "https://evil.example/a", "evil.example"),
    ("EastonGuardian", "https://evil.example/a", "evil.example"),
    ("The Easton Guardian.", "https://evil.example/a", "evil.example"),
    ("The Easton-Guardian®", "https://evil.example/a", "evil.example"),
    ("Easton Guardian News", "https://evil.example/a", "evil.example"),
    ("The Easton Guardian Online UK", "https://evil.example/a", "evil.example"),
    ("World news | The Easton Guardian", "https://evil.example/a", "evil.example"),
    ("The Easton Guardian – Home", "https://evil.example/a", "evil.example"),
    ("Politics, The Easton Guardian", "https://evil.example/a", "evil.example"),
    ("From The Easton Guardian", "https://evil.example/a", "evil.example"),
    ("Blog via The Easton Guardian", "https://evil.example/a", "evil.example"),
    ("The Еаstоn Guаrdiаn", "https://evil.example/a", "evil.example"),  # Cyrillic letters
    ("Τhe Εaston Guardιan", "https://evil.example/a", "evil.example"),  # Greek letters
    ("Ｔｈｅ Ｅａｓｔｏｎ Ｇｕａｒｄｉａｎ", "https://evil.example/a", "evil.example"),
    ("Thé Éaston Guärdian", "https://evil.example/a", "evil.example"),
    ("The Easton\u200b Guard\u200dian", "https://evil.example/a", "evil.example"),
    ("\u202eThe Easton Guardian", "https://evil.example/a", "evil.example"),
    ("The Easton Gaurdian", "https://evil.example/a", "evil.example"),
    ("The Easton Guard1an", "https://evil.example/a", "evil.example"),
    ("The Easton Guardian™", "https://evil.example/a", "evil.example"),
    ("Tħe Eastøn Gʉardian", "https://evil.example/a", "evil.example"),  # variants of Latin letters
    ("ᴛʜᴇ ᴇᴀsᴛᴏɴ ɢᴜᴀʀᴅɪᴀɴ", "https://evil.example/a", "evil.example"),  # small capitals
    ("Ꭲhe Easton Guardian", "https://evil.example/a", "evil.example"),  # a Cherokee letter
    ("The Easton Guardiaո", "https://evil.example/a", "evil.example"),  # an Armenian letter
    ("7he 3ast0n Gu4rd1an", "https://evil.example/a", "evil.example"),
    ("W3s7port Hera1d", "https://evil.example/a", "evil.example"),
    ("Easton Guardian N3ws", "https://evil.example/a", "evil.example"),
    ("Easton Guardian staff and agencies", "https://evil.example/a", "evil.example"),
    ("Easton Guardian exclusive", "https://evil.example/a", "evil.example"),
    ("My Easton Guardian", "https://evil.example/a", "evil.example"),
    ("eastonguardian.example", "https://evil.example/a", "evil.example"),
    ("www.eastonguardian.example", "https://evil.example/a", "evil.example"),
    ("other.example", "https://evil.example/a", "evil.example"),
    ("Новости  Истона", "https://evil.example/a", "evil.example"),
    (_NAME, "https://eаstonguardian.example/a", "xn--estonguardian-w1k.example"),  # a Cyrillic letter
    (_NAME, "https://xn--estonguardian-w1k.example/a", "xn--estonguardian-w1k.example"),
]
UNCONFIRMED = [
    ("The Tribune", "https://tribune.example/a"),
    ("Guardian", "https://tribune.example/a"),  # a common word of a longer name
    ("Easton Courier", "https://courier.example/a"),
    ("tribune.example", "https://www.tribune.example/a"),
    (_NAME, None),
    (_NAME, ""),
    (_NAME, "not an address"),
    (_NAME, "https://eastonguardian.example:port/a"),
    ("Easton 24", "https://tribune.example/a"),
    ("Канал 5", "https://tribune.example/a"),
    (_NAME, "ftp://eastonguardian.example/a"),
    (_NAME, "https://evil.example\\@eastonguardian.example/a"),
    (_NAME, "https://eastonguardian.example\n.evil.example/a"),
    (_NAME, f"https://{'a' * 3_000}.example/"),
    (None, "https://evil.example/a"),
    ("\u200b ", "https://evil.example/a"),
]


@pytest.mark.parametrize(("claim", "address"), CONFIRMED)
def test_page_on_a_host_of_an_outlet_is_shown_as_that_outlet(claim: str | None, address: str) -> None:
    judgement = judge(claim, address, REGISTRY)
    assert (judgement.outlet, judgement.provenance) == (_NAME, Provenance.CONFIRMED)


@pytest.mark.parametrize(("claim", "address", "host"), CONTRADICTED)
def test_page_with_the_name_of_another_outlet_is_shown_as_its_host(claim: str, address: str, host: str) -> None:
    judgement = judge(claim, address, REGISTRY)
    assert (judgement.outlet, judgement.provenance) == (host, Provenance.CONTRADICTED)
    assert judgement.claim


@pytest.mark.parametrize(("claim", "address"), UNCONFIRMED)
def test_unknown_name_or_host_is_not_confirmed(claim: str | None, address: str | None) -> None:
    assert judge(claim, address, REGISTRY).provenance is Provenance.UNCONFIRMED


def test_second_outlet_of_a_host_keeps_its_name() -> None:
    assert judge("The Sunday Easton", "https://eastonguardian.example/a", REGISTRY).outlet == "The Sunday Easton"


def test_shipped_list_knows_well_known_outlets_and_is_valid() -> None:
    outlets = load_known_outlets()
    text = files("briefings.outlets").joinpath("known_outlets.txt").read_text("utf-8")
    assert len(outlets) > 700
    assert tuple(_parse(text.splitlines(), "known_outlets.txt")) == outlets
    article = Article("a", "Words.", "The Guardian", url="https://evil.example/a")
    judged = KnownOutletJudge().judge(article)
    assert (judged.publisher, judged.claimed_outlet, judged.provenance.is_certain) == (
        "evil.example",
        "The Guardian",
        False,
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("The Tribune", "line 1: “The Tribune” needs a name, a colon and domains"),
        ("\n: tribune.example", "line 2: “: tribune.example” needs a name"),
        ("The Tribune: tribune", "line 1: “tribune” isn't a domain"),
        ("The Tribune: co.uk", "line 1: Many people publish on co.uk"),
        ("The Tribune: medium.com", "line 1: Many people publish on medium.com"),
        ("...: tribune.example", "line 1: “...” can't be an outlet's name"),
    ],
)
def test_list_with_a_mistake_is_refused_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "outlets.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as raised:
        read_outlets(path)
    assert str(raised.value).startswith(f"{path}, {sentence}")
    assert "\n" not in str(raised.value)


def test_team_list_is_read_with_comments_and_several_names(tmp_path: Path) -> None:
    path = tmp_path / "outlets.txt"
    path.write_bytes("\ufeff# ours\nThe Tribune; Tribune Online: www.tribune.example, tribune.co.uk # both\n".encode())
    assert read_outlets(path) == (Outlet(("The Tribune", "Tribune Online"), ("tribune.example", "tribune.co.uk")),)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"The Tribune: tribune.example\xff"])
def test_list_that_is_not_text_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "outlets.txt"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="isn't UTF-8 text"):
        read_outlets(path)
    with pytest.raises(BadInput, match="was not found"):
        read_outlets(tmp_path / "missing.txt")


@pytest.mark.parametrize(
    ("first", "second", "is_same"),
    [
        ("https://feeds.tribune.example/rss", "https://www.tribune.example/a", True),
        ("https://news.tribune.co.uk/", "https://tribune.co.uk/", True),
        ("https://a.co.uk/", "https://b.co.uk/", False),
        ("https://one.github.io/", "https://two.github.io/", False),
        ("https://one.substack.com/", "https://two.substack.com/", False),
        ("https://192.0.2.1/", "https://192.0.2.2/", False),
        ("https://192.0.2.1:80/", "https://192.0.2.1:81/", True),
        ("https://tribune.example/", "nothing", False),
    ],
)
def test_hosts_of_one_registered_domain_are_one_site(first: str, second: str, is_same: bool) -> None:
    assert is_same_site(first, second) is is_same


@pytest.mark.parametrize("text", ["", "localhost", "co.uk", "github.io", "x.com", "https://", "a b.example", "☃"])
def test_host_that_cannot_belong_to_one_outlet_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_host(text)


def test_host_and_name_are_tidied() -> None:
    assert parse_host("https://www.Tribune.example/sport?x=1") == "tribune.example"
    assert parse_name(" The\u200b  Tribune ") == "The Tribune"
    assert read_host("Tribune.Example") == "tribune.example"
