"""Text files and folders become articles as they came, or one sentence says why not."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.errors import BadInput
from briefings.ingest import text_file
from briefings.ingest.reader import read_raw_articles
from briefings.model import Article

STORABLE = st.text().filter(lambda text: "\0" not in text and text.replace("\ufeff", "").strip() != "")


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_file_is_an_article_named_after_it_with_its_line_endings_and_mark(tmp_path: Path) -> None:
    text = "\ufeffFirst.\r\nSecond.\rThird.\n\x85\u2028"
    assert list(read_raw_articles(write(tmp_path / "a.b.txt", text))) == [Article(id="a.b", text=text)]


@given(STORABLE)
def test_any_storable_text_comes_through_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = write(tmp_path_factory.mktemp("texts") / "one.txt", text)
    assert [article.text.encode() for article in read_raw_articles(path)] == [path.read_bytes()]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n\xef\xbb\xbf", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"caf\xe9", "not UTF-8"),
        (b"one\ntwo\ncaf\xe9\n", "line 3: this is not UTF-8"),
        ("Hi".encode("utf-16-le"), "NUL"),
    ],
)
def test_what_is_no_text_is_told_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    path = write(tmp_path / "bad.txt", content)
    with pytest.raises(BadInput, match=r"bad\.txt") as error:
        list(read_raw_articles(path))
    assert said in str(error.value)


def test_a_file_over_the_bound_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "MAX_BYTES", 10)
    assert list(read_raw_articles(write(tmp_path / "ten.txt", "0123456789")))
    with pytest.raises(BadInput, match="longer than 10 bytes"):
        list(read_raw_articles(write(tmp_path / "eleven.txt", "0123456789a")))


@pytest.mark.parametrize("name", ["missing.txt", "missing", "x" * 5_000, "a\0b"])
def test_what_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"not there|cannot be read"):
        read_raw_articles(tmp_path / name)


def test_a_kind_of_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="unknown here"):
        read_raw_articles(write(tmp_path / "page.pdf", b"%PDF"))


def test_a_folder_gives_its_articles_by_name_with_what_is_told_of_them(tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "Second.")
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / ".hidden.txt", "")
    write(tmp_path / "notes.md", b"\xff")
    (tmp_path / "sub.txt").mkdir()
    write(
        tmp_path / "sources.toml",
        '\ufeff[[article]]\r\nfile = "b.txt"\r\npublisher = " The Paper "\r\nbyline = ""\r\npublished = 2016-06-30\r\n'
        'url = "https://paper.example/b"\r\ntitle = "A title"\r\nnote = 7\r\n',
    )
    assert list(read_raw_articles(tmp_path)) == [
        Article(id="a", text="First."),
        Article(
            id="b",
            text="Second.",
            publisher="The Paper",
            published=date(2016, 6, 30),
            url="https://paper.example/b",
            title="A title",
        ),
    ]


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[[article]]\nfile = "a.txt"\npublisher =\n', "sources.toml, line 3: this is not valid TOML"),
        ('[[article]]\nfile = "a.txt', "sources.toml, line 2: this is not valid TOML"),
        ("x = " + "[" * 50_000, "not valid TOML"),
        ('[[article]]\nfile = "a.txt"\n\n[[article]]\nfile = "c.txt"', "line 4: 'c.txt' is no file"),
        ('[[article]]\nfile = "../a.txt"', "is no file of this folder"),
        ('[[article]]\nfile = "a.txt"\n[[article]]\nfile = "a.txt"', "line 3: 'a.txt' has an entry already"),
        ('[[article]]\nfile = "a.txt"\npublished = "30 June"', '"published" is no day'),
        ('[[article]]\nfile = "a.txt"\npublished = 2016-06-31', "line 3: this is not valid TOML"),
        ('[[article]]\nfile = "a.txt"\npublished = 20160630', '"published" must be a text in quotation marks'),
        ('[[article]]\nfile = "a.txt"\nurl = "javascript:alert(1)"', '"url" is no web address'),
        ('[[article]]\nfile = "a.txt"\ntitle = ["A"]', '"title" must be a text in quotation marks, not a list'),
        ('[[article]]\npublisher = "P"', 'line 1: "file" is missing'),
        ('[article]\nfile = "a.txt"', "[[article]] in double brackets"),
        ('article = [{file = "a.txt"}, {file = 3}]', 'article 2: "file" must be a text'),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_wrong_sources_file_is_told_by_line(tmp_path: Path, toml: str | bytes, said: str) -> None:
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / "sources.toml", toml)
    with pytest.raises(BadInput, match=r"sources\.toml") as error:
        list(read_raw_articles(tmp_path))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_one_bad_file_of_a_folder_is_refused_or_told_to_whoever_asks(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", b"\xff")
    write(tmp_path / "z.txt", "Last.")
    with pytest.raises(BadInput, match=r"a\.txt"):
        list(read_raw_articles(tmp_path))
    told: list[BadInput] = []
    assert [article.id for article in read_raw_articles(tmp_path, on_error=told.append)] == ["z"]
    assert len(told) == 1


def test_a_folder_without_articles_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no articles"):
        list(read_raw_articles(tmp_path))


def test_two_files_of_one_id_are_told(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "First.")
    write(tmp_path / "a.TXT", "Other.")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system does not tell a.txt from a.TXT")
    with pytest.raises(BadInput, match="would both be 'a'"):
        list(read_raw_articles(tmp_path))


def test_the_seeds_are_read_as_they_lie_there() -> None:
    seeds = Path(__file__).parents[4] / "seeds"
    articles = {article.id: article for article in read_raw_articles(seeds)}
    assert len(articles) == 4
    assert all(article.text.encode() == (seeds / f"{name}.txt").read_bytes() for name, article in articles.items())
    assert articles["002_494a08902a45e5b0"].published == date(2016, 6, 30)
    assert articles["001_35c75fa326b54fdb"].published is None
    assert articles["000_3e648ece572ec1d5"].byline == "Heather Stewart"
